import { type CustomTrigger, customTrigger } from "../../../../shared/domain/trigger.ts";

/** As authors write them. */
export const PLAIN: CustomTrigger = customTrigger.parse({
  kind: "custom",
  slug: "order-shipped",
  name: "Order shipped",
  attributes: [
    { name: "total", type: "number", required: true, description: "In euros" },
    { name: "parcels", type: "integer" },
    { name: "express", type: "boolean" },
    { name: "carrier", type: "choice", options: ["Poste", "Vélo"], required: true },
    { name: "note", type: "text" },
    { name: "shippedOn", type: "date" },
    { name: "due", type: "moment" },
  ],
});

/** What every language around the texts would trip over, and names that are words of these languages. */
const TEXTS = [
  '@{trigger()} it\'s "quoted" \\ $HOME `id` $(id) \u0024{x} {{y}} </script><!-- %s #{z}',
  "@triggerBody()",
  "line\nbreak\ttab\u2028separator\u0085next é 日本 🚲 \u007f",
];
export const AWKWARD: CustomTrigger = customTrigger.parse({
  kind: "custom",
  slug: "class-2-import",
  name: "A name\nexit(1) */ \u2028 throw 1 </script> ''' \"\"\"",
  table: "salesorder",
  attributes: [
    ...["class", "def", "public"].map((name, n) => ({ name, type: "choice", options: [TEXTS[n]], required: true })),
    { name: "import", type: "boolean", description: "*/ \n process.exit(1)" },
    { name: "short", type: "text", maxLength: 1 },
  ],
});
