import type { Change, Message } from "../domain/change.ts";
import { type Columns, type FieldValue, isReference } from "../domain/value.ts";
import { columnValueIn, guidIn, listIn, textIn, wcfDate } from "./attribute-value.ts";
import { isoMoment } from "./iso-moment.ts";
import { brokenAt, isJsonObject, type JsonObject, Misfit, pathOf } from "./json-place.ts";
import { withoutParent } from "./parent-context.ts";

export type ParsedContext =
  | { readonly kind: "change"; readonly change: Change }
  /** `at` is a JSON path, or `position 123` where the text is no JSON. Neither part repeats any column's value. */
  | { readonly kind: "malformed"; readonly problem: string; readonly at: string };

const MESSAGES: ReadonlyMap<unknown, Message> = new Map([
  ["Create", "create"],
  ["Update", "update"],
  ["Delete", "delete"],
]);
const LOGICAL_NAME = /^[a-z][a-z0-9_]*$/;
/** The image that Dataverse adds by itself to asynchronous steps: primary name and id, nothing that was asked for. */
const ADDED_IMAGE = "AsynchronousStepPrimaryName";

/**
 * Reads the body that Dataverse posts to a webhook. By hand, not by schema: this runs for each change of each
 * registered table, and what we need are some twenty places in a document of hundreds. Never throws: what can't be
 * read is parked with its reason.
 *
 * @param options.oversize what the header `x-ms-dynamics-msg-size-exceeded` said
 */
export function parseContext(text: string, options: { readonly oversize?: boolean } = {}): ParsedContext {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let root: unknown;
  try {
    root = parseNeeded(json);
  } catch {
    return { kind: "malformed", problem: "this is no JSON", at: `position ${brokenAt(json)}` };
  }
  try {
    return { kind: "change", change: readChange(root, options.oversize === true) };
  } catch (fault) {
    if (fault instanceof Misfit) return { kind: "malformed", problem: fault.message, at: pathOf(root, fault) };
    // Answered, not thrown: a body that is parked can be replayed, one that ended in a 500 is lost.
    return { kind: "malformed", problem: `can't be read (${fault instanceof Error ? fault.name : "?"})`, at: "$" };
  }
}

/** Without the parent context, unless what was left out was something else of that name, inside a value. */
function parseNeeded(json: string): unknown {
  const shorter = withoutParent(json);
  const root: unknown = JSON.parse(shorter);
  return shorter === json || (isJsonObject(root) && root.ParentContext === null) ? root : JSON.parse(json);
}

function readChange(root: unknown, sizeExceeded: boolean): Change {
  if (!isJsonObject(root)) throw new Misfit("expected an object");
  const message = MESSAGES.get(root.MessageName);
  if (message === undefined)
    throw new Misfit(`${named(root.MessageName)} is not Create, Update or Delete`, root, "MessageName");
  const table = textIn(root.PrimaryEntityName, root, "PrimaryEntityName");
  if (!LOGICAL_NAME.test(table)) throw new Misfit("expected a logical name", root, "PrimaryEntityName");
  const record = guidIn(root.PrimaryEntityId, root, "PrimaryEntityId");
  const by = guidIn(root.UserId, root, "UserId");

  const registration = objectIn(root.OwningExtension, root, "OwningExtension");
  const parameters = listIn(root.InputParameters, root, "InputParameters");
  const oversize = sizeExceeded || parameters.length === 0;
  const target = targetOf(root, parameters, oversize);
  const written: Record<string, FieldValue> = {};
  if (message !== "delete" && target !== undefined) readAttributes(target, written);

  const columns = Object.keys(written);

  const before: Record<string, FieldValue> = {};
  if (message !== "create") readImages(root, "PreEntityImages", before);
  return {
    id: `${guidIn(registration.Id, registration, "Id")}:${guidIn(root.OperationId, root, "OperationId")}:${record}`,
    organization: guidIn(root.OrganizationId, root, "OrganizationId"),
    table,
    record,
    message,
    written: columns,
    before: message === "create" ? null : before,
    after: message === "delete" ? null : readAfter(root, before, written, columns),
    at: operationTime(root),
    by,
    initiatedBy: root.InitiatingUserId === undefined ? by : guidIn(root.InitiatingUserId, root, "InitiatingUserId"),
    depth: readDepth(root),
    tag: readTag(root),
    oversize,
  };
}

/**
 * The post-image with what was written over it. Where nobody asked for a post-image, a column that was not written
 * still has the value it had before; with one, a column that is missing there is null (images leave nulls out).
 */
function readAfter(root: JsonObject, before: Columns, written: Columns, columns: readonly string[]): Columns {
  const image: Record<string, FieldValue> = {};
  const asked = readImages(root, "PostEntityImages", image);
  const after: Record<string, FieldValue> = asked ? image : { ...before, ...image };
  for (const column of columns) after[column] = withName(written[column] ?? null, after[column]);
  return after;
}

/** A Target names no references, an image does: the same row keeps its name. */
function withName(value: FieldValue, known: FieldValue | undefined): FieldValue {
  return isReference(value) && value.name === null && isReference(known) && known.id === value.id ? known : value;
}

/** Reads all images of a list into one; answers whether one was there that a registration asked for. */
function readImages(root: JsonObject, key: string, into: Record<string, FieldValue>): boolean {
  let asked = false;
  const images = listIn(root[key], root, key);
  for (const [index, image] of images.entries()) {
    if (!isJsonObject(image)) throw new Misfit("expected an image", images, index);
    if (image.value === null) continue;
    if (image.key !== ADDED_IMAGE) asked = true;
    readAttributes(objectIn(image.value, image, "value"), into);
  }
  return asked;
}

function readAttributes(entity: JsonObject, into: Record<string, FieldValue>): void {
  const attributes = entity.Attributes;
  if (!Array.isArray(attributes)) throw new Misfit("expected a list of columns", entity, "Attributes");
  for (let index = 0; index < attributes.length; index++) {
    const attribute: unknown = attributes[index];
    if (!isJsonObject(attribute)) throw new Misfit("expected a column", attributes, index);
    const column = attribute.key;
    if (typeof column !== "string") throw new Misfit("expected a column's name", attribute, "key");
    // Assigning to this name would change the object's prototype instead.
    if (column === "__proto__") throw new Misfit("no column has this name", attribute, "key");
    into[column] = columnValueIn(attribute.value, attribute, "value");
  }
}

function targetOf(root: JsonObject, parameters: readonly unknown[], oversize: boolean): JsonObject | undefined {
  for (const [index, parameter] of parameters.entries()) {
    if (!isJsonObject(parameter)) throw new Misfit("expected a parameter", parameters, index);
    if (parameter.key === "Target") return objectIn(parameter.value, parameter, "value");
  }
  if (oversize) return undefined;
  throw new Misfit("there is no Target", root, "InputParameters");
}

function objectIn(value: unknown, parent: object, key: string): JsonObject {
  if (!isJsonObject(value)) throw new Misfit("expected an object", parent, key);
  return value;
}

/**
 * Whole seconds, as asynchronous steps send them. Unlike in columns, the milliseconds here are *not* UTC where an
 * offset stands behind them: in real payloads only milliseconds + offset agrees with the row's own modifiedon.
 */
function operationTime(root: JsonObject): string {
  const date = wcfDate(textIn(root.OperationCreatedOn, root, "OperationCreatedOn"));
  const iso = date && isoMoment(Math.floor((date.ms + date.offsetMs) / 1000) * 1000);
  if (iso === undefined) throw new Misfit("expected a moment", root, "OperationCreatedOn");
  return iso;
}

function readDepth(root: JsonObject): number {
  const depth = root.Depth ?? 1;
  if (typeof depth !== "number" || !Number.isSafeInteger(depth) || depth < 1)
    throw new Misfit("expected a number from 1", root, "Depth");
  return depth;
}

/** The shared variable `tag`; a variable set in an outer stage stands in the parent's context only. */
function readTag(root: JsonObject): string | null {
  let context = root;
  for (;;) {
    for (const variable of listIn(context.SharedVariables, context, "SharedVariables")) {
      if (!isJsonObject(variable) || variable.key !== "tag") continue;
      const tag = columnValueIn(variable.value, variable, "value");
      if (tag !== null) return typeof tag === "string" ? tag : JSON.stringify(tag);
    }
    if (context.ParentContext === undefined || context.ParentContext === null) return null;
    context = objectIn(context.ParentContext, context, "ParentContext");
  }
}

function named(message: unknown): string {
  return typeof message === "string" ? `the message ${JSON.stringify(message.slice(0, 60))}` : "the message";
}
