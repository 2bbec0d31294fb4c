import { createHash } from "node:crypto";
import type {
  ColumnSet,
  FoundEndpoint,
  FoundImage,
  FoundStep,
  ImageKind,
  RegisteredMessage,
} from "../../domain/registration/registration.ts";
import type { Write } from "./change-set.ts";
import type { EndpointAnswer, ImageAnswer, StepAnswer } from "./registrar-answers.ts";

/** The header that the webhook looks for the key in. */
const KEY_HEADER = "x-parcours-key";
const MARK = /^key ([0-9a-f]{8})$/;

export const WEBHOOK = 8;
const HTTP_HEADER = 5;
const ASYNCHRONOUS = 1;
const POST_OPERATION = 40;
const IMAGE_TYPES: Readonly<Record<ImageKind, number>> = { pre: 0, post: 1 };
const ALIASES: Readonly<Record<ImageKind, string>> = { pre: "Pre", post: "Post" };
export const ON = { statecode: 0, statuscode: 1 };
export const OFF = { statecode: 1, statuscode: 2 };

export const STEPS = "sdkmessageprocessingsteps";
export const IMAGES = "sdkmessageprocessingstepimages";

/** Tells one key from another without giving it away. */
export function keyMarkOf(key: string): string {
  return createHash("sha256").update(`webhook key ${key}`).digest("hex").slice(0, 8);
}

export function endpointBody(url: string, key: string): Record<string, unknown> {
  // The key can't be read back, so the description says which one it is.
  const authvalue = `<settings><setting name="${KEY_HEADER}" value="${escaped(key)}"/></settings>`;
  return { url, authtype: HTTP_HEADER, authvalue, description: `key ${keyMarkOf(key)}` };
}

export function endpointIn(row: EndpointAnswer): FoundEndpoint {
  const mark = row.authtype === HTTP_HEADER ? MARK.exec(row.description ?? "")?.[1] : undefined;
  return { id: row.serviceendpointid, url: row.url ?? "", keyMark: mark ?? null };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function stepPatch(id: string, body: Readonly<Record<string, unknown>>): Write {
  return { method: "PATCH", path: `${STEPS}(${id})`, body };
}

export function behaviour(columns: ColumnSet): Record<string, unknown> {
  return { mode: ASYNCHRONOUS, stage: POST_OPERATION, filteringattributes: attributesOf(columns) };
}

export function imageBody(
  step: string,
  message: RegisteredMessage,
  kind: ImageKind,
  columns: ColumnSet,
): Record<string, unknown> {
  return {
    name: ALIASES[kind],
    entityalias: ALIASES[kind],
    imagetype: IMAGE_TYPES[kind],
    messagepropertyname: propertyOf(message),
    attributes: attributesOf(columns),
    "sdkmessageprocessingstepid@odata.bind": step,
  };
}

/** The platform's name for what an image is taken of. */
function propertyOf(message: string): string {
  return message === "Create" ? "Id" : "Target";
}

/** Nothing named is every column. */
export function attributesOf(columns: ColumnSet): string | null {
  return columns === "all" ? null : columns.join(",");
}

function columnsIn(list: string | null | undefined): ColumnSet {
  const names = (list ?? "").split(",").map((name) => name.trim());
  const named = names.filter((name) => name !== "").sort();
  return named.length === 0 ? "all" : named;
}

export function stepIn(row: StepAnswer): FoundStep {
  const message = row.sdkmessageid?.name ?? "";
  return {
    id: row.sdkmessageprocessingstepid,
    table: row.sdkmessagefilterid?.primaryobjecttypecode ?? null,
    message,
    // Only updates name columns: what else says here has no effect.
    columns: message === "Update" ? columnsIn(row.filteringattributes) : "all",
    enabled: row.statecode === ON.statecode,
    sound: row.mode === ASYNCHRONOUS && row.stage === POST_OPERATION,
    images: row.sdkmessageprocessingstepid_sdkmessageprocessingstepimage.map((image) => imageIn(image, message)),
    changed: {
      by: row["_modifiedby_value@OData.Community.Display.V1.FormattedValue"] ?? null,
      at: row.modifiedon ?? null,
    },
  };
}

function imageIn(row: ImageAnswer, message: string): FoundImage {
  const kind = (["pre", "post"] as const).find(
    (each) => row.imagetype === IMAGE_TYPES[each] && row.entityalias === ALIASES[each],
  );
  const ours = kind !== undefined && row.messagepropertyname === propertyOf(message);
  return { id: row.sdkmessageprocessingstepimageid, kind: ours ? kind : null, columns: columnsIn(row.attributes) };
}
