import { isGuid } from "../sameness.ts";

/** What somebody typed or pasted to ask about: a row, an id without its table, an e-mail address, a number or a name. */
export type About =
  | { readonly kind: "row"; readonly table: string; readonly id: string; readonly host: string | null }
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "text"; readonly text: string }
  /** An address of a page that shows no row. */
  | { readonly kind: "no-row" };

const LONGEST = 200;

/** Undefined for nothing, and for what is longer than anything that one asks for. */
export function readAbout(given: string): About | undefined {
  const text = given.trim();
  if (text === "") return undefined;
  if (/^https?:\/\//i.test(text)) return readAddress(text);
  if (text.length > LONGEST) return undefined;
  const [table = "", id] = text.toLowerCase().split(":");
  if (id !== undefined && /^[a-z][a-z0-9_]*$/.test(table) && isGuid(bare(id)))
    return { kind: "row", table, id: bare(id), host: null };
  if (isGuid(bare(text.toLowerCase()))) return { kind: "id", id: bare(text.toLowerCase()) };
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { kind: "address", address: text };
  return { kind: "text", text };
}

/** `…/main.aspx?appid=…&pagetype=entityrecord&etn=incident&id=…`, as the address bar of Dynamics shows it. */
function readAddress(text: string): About {
  if (!URL.canParse(text)) return { kind: "no-row" };
  const url = new URL(text);
  const asked = new URLSearchParams(url.search === "" ? url.hash.replace(/^#?\/?\??/, "") : url.search);
  const table = asked.get("etn")?.toLowerCase() ?? "";
  const id = bare((asked.get("id") ?? "").toLowerCase());
  if (/^[a-z][a-z0-9_]*$/.test(table) && isGuid(id)) return { kind: "row", table, id, host: url.host };
  return readPath(`${url.pathname}${url.hash}`);
}

/** `…/incidents/<id>` and `…/incidents(<id>)`: the explorer's address, and the Web API's, name a set of rows. */
function readPath(path: string): About {
  const [, id] = /[/(]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)?$/i.exec(path) ?? [];
  return id === undefined ? { kind: "no-row" } : { kind: "id", id: id.toLowerCase() };
}

function bare(id: string): string {
  return id.replace(/^\{|\}$/g, "");
}
