import type { Sample } from "./sample.ts";

/** How to build the flow's step, and the step's own definition as the designer's code view shows it. */
export function powerAutomate(it: Sample): string {
  const texts = (value: unknown): unknown => (typeof value === "string" ? plain(value) : value);
  const action = {
    type: "Http",
    inputs: {
      method: "POST",
      uri: plain(it.url),
      headers: { "content-type": "application/json", "x-parcours-key": "@parameters('PARCOURS_KEY')" },
      body: {
        person: { email: it.email },
        occurredAt: "@utcNow()",
        idempotencyKey: "@workflow()['run']['name']",
        ...(it.record !== null && { record: it.record }),
        attributes: Object.fromEntries(it.attributes.map(({ name, value }) => [name, texts(value)])),
      },
      retryPolicy: { type: "exponential", count: 4, interval: "PT20S" },
    },
    runtimeConfiguration: { secureData: { properties: ["inputs"] } },
  };
  return `Tells Parcours: ${it.title}.

1. Put the key into an environment variable of type Secret, named PARCOURS_KEY, and add it to the flow's solution.
2. In the flow, after what shall fire the trigger, add the action "HTTP".
3. Fill it in as below (the action's code view shows the same), and put the flow's own values in place of the samples.
4. In a loop the run's name is the same each time round: add an id of the item to the idempotency key.

${JSON.stringify(action, null, 2)}
`;
}

/** A text that the flow must not take for an expression. */
function plain(text: string): string {
  return text.replaceAll("@{", "@@{").replace(/^@(?!@\{)/, "@@");
}
