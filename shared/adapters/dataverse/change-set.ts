import type { Ask } from "./requests.ts";

/** One write of a change set. `$1`, as a path or in a body, stands for the row that the first one makes. */
export interface Write {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

// Bodies are JSON in one line each, so that no line of them can be taken for a boundary.
const BATCH = "parcours-batch";
const CHANGES = "parcours-changes";

/** Writes that Dataverse carries out in one transaction: all of them, or none. */
export function changeSet(root: string, writes: readonly Write[]): Ask {
  const parts = writes.map(({ method, path, body }, at) =>
    [
      `--${CHANGES}`,
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      `Content-ID: ${at + 1}`,
      "",
      `${method} ${path.startsWith("$") ? path : `${root}/${path}`} HTTP/1.1`,
      "Content-Type: application/json",
      // Without the condition a PATCH would make a row where it is gone.
      ...(method === "PATCH" ? ["If-Match: *"] : []),
      "",
      JSON.stringify(body),
    ].join("\r\n"),
  );
  const text = [
    `--${BATCH}`,
    `Content-Type: multipart/mixed; boundary=${CHANGES}`,
    "",
    ...parts,
    `--${CHANGES}--`,
    `--${BATCH}--`,
    "",
  ];
  return {
    method: "POST",
    path: "$batch",
    headers: { "content-type": `multipart/mixed; boundary=${BATCH}` },
    body: text.join("\r\n"),
  };
}
