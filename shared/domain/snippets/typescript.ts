import type { Attribute } from "../trigger.ts";
import { objectLines, quoted, type Sample } from "./sample.ts";

/** Runs as it is on Node 22.18 and later. */
export function typescript(it: Sample): string {
  const fields = it.attributes.flatMap(({ name, attribute, description }) => [
    ...(description === null ? [] : [`  // ${description}`]),
    `  readonly ${name}${attribute.required ? "" : "?"}: ${typeOf(attribute)};`,
  ]);
  const record = it.record === null ? "" : `, record: { table: ${quoted(it.record.table)}, id: recordId }`;
  const recordParameter = it.record === null ? "" : "\n  recordId: string,";
  const recordArgument = it.record === null ? "" : `, ${quoted(it.record.id)}`;
  return `// Tells Parcours: ${it.title}. The key stands in the environment variable PARCOURS_KEY.
interface ${it.pascal} {
${fields.join("\n")}
}

/** Give an id of your own as idempotency key: sent twice, it counts once. */
async function send${it.pascal}(
  email: string,
  attributes: ${it.pascal},${recordParameter}
  idempotencyKey: string = crypto.randomUUID(),
): Promise<void> {
  const event = { person: { email }, occurredAt: new Date().toISOString(), idempotencyKey${record}, attributes };
  const response = await fetch(${quoted(it.url)}, {
    method: "POST",
    headers: { "content-type": "application/json", "x-parcours-key": process.env.PARCOURS_KEY ?? "" },
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(\`Parcours answered \${response.status}: \${await response.text()}\`);
  console.log(JSON.stringify(await response.json()));
}

await send${it.pascal}(${quoted(it.email)}, ${objectLines(it, "")}${recordArgument});

export {};
`;
}

function typeOf(attribute: Attribute): string {
  switch (attribute.type) {
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "choice":
      return attribute.options.map(quoted).join(" | ");
    default:
      return "string";
  }
}
