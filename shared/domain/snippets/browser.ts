import { escaped, objectLines, quoted, type Sample } from "./sample.ts";

/**
 * For a page of an allowed origin. It names no time: a visitor's clock may be wrong. `keepalive`: the event is sent
 * though the visitor leaves the page. All `<` are in texts: as they are, they could end the script that this stands in.
 */
export function browser(it: Sample, key: string): string {
  const record = it.record === null ? "" : `, record: { table: ${quoted(it.record.table)}, id: recordId }`;
  const recordParameter = it.record === null ? "" : ", recordId";
  const recordArgument = it.record === null ? "" : `, ${quoted(it.record.id)}`;
  return `// Tells Parcours: ${it.title}. This key may be read by everybody; it works on pages of allowed origins alone.
async function send${it.pascal}(email, attributes${recordParameter}) {
  const event = { person: { email }, idempotencyKey: crypto.randomUUID()${record}, attributes };
  const response = await fetch(${quoted(it.url)}, {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json", "x-parcours-key": ${quoted(key)} },
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(\`Parcours answered \${response.status}: \${await response.text()}\`);
}

send${it.pascal}(${quoted(it.email)}, ${objectLines(it, "")}${recordArgument}).catch(console.error);
`.replaceAll("<", escaped("<"));
}
