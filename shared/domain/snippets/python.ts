import { quoted, type Sample, type SampleValue } from "./sample.ts";

/** Needs Python 3.8 or later, and nothing besides. */
export function python(it: Sample): string {
  const record =
    it.record === null ? "" : `\n        "record": {"table": ${quoted(it.record.table)}, "id": record_id},`;
  const recordParameter = it.record === null ? "" : ", record_id";
  const recordArgument = it.record === null ? "" : `, ${quoted(it.record.id)}`;
  const attributes = it.attributes.map(({ name, value }) => `    ${quoted(name)}: ${literal(value)},\n`).join("");
  return `# Tells Parcours: ${it.title}. The key stands in the environment variable PARCOURS_KEY.
import json
import os
import urllib.request
import uuid
from datetime import datetime, timezone


def send_${it.snake}(email, attributes${recordParameter}, idempotency_key=None):
    """Give an id of your own as idempotency key: sent twice, it counts once."""
    event = {
        "person": {"email": email},
        "occurredAt": datetime.now(timezone.utc).isoformat(),
        "idempotencyKey": idempotency_key or str(uuid.uuid4()),${record}
        "attributes": attributes,
    }
    request = urllib.request.Request(
        ${quoted(it.url)},
        data=json.dumps(event).encode(),
        headers={"content-type": "application/json", "x-parcours-key": os.environ["PARCOURS_KEY"]},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


print(json.dumps(send_${it.snake}(${quoted(it.email)}, {
${attributes}}${recordArgument})))
`;
}

function literal(value: SampleValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? quoted(value) : String(value);
}
