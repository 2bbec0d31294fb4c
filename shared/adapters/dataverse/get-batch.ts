import type { Ask } from "./requests.ts";

// Paths are encoded, so that no line of them can be taken for a boundary.
const BOUNDARY = "parcours-reads";

/** One read of a batch: its path below the root, with its query. */
export interface Get {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PartAnswer {
  readonly status: number;
  readonly text: string;
}

/** Several reads in one request; Dataverse makes them one after the other, and goes on after one that fails. */
export function getBatch(root: string, gets: readonly Get[]): Ask {
  const parts = gets.flatMap(({ path, headers }) => [
    `--${BOUNDARY}`,
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    "",
    `GET ${root}/${path} HTTP/1.1`,
    "Accept: application/json",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ]);
  return {
    method: "POST",
    path: "$batch",
    headers: { "content-type": `multipart/mixed; boundary=${BOUNDARY}`, prefer: "odata.continue-on-error" },
    body: [...parts, `--${BOUNDARY}--`, ""].join("\r\n"),
    text: true,
  };
}

/** The answers of a batch, in the order of its reads. */
export function partsOf(text: string): readonly PartAnswer[] {
  const boundary = /^\s*(--\S+)/.exec(text)?.[1];
  if (boundary === undefined) return [];
  return text.split(`${boundary}`).flatMap((part) => {
    const answer = /HTTP\/1\.\d (\d{3})[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*)$/.exec(part);
    return answer === null ? [] : [{ status: Number(answer[1]), text: (answer[2] ?? "").trim() }];
  });
}
