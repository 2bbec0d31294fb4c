import { attempt, button, choices, element, field, leave, notice } from "./dom.js";
import { labelOf, texts } from "./texts.js";
import { ask, columns, tables } from "./web-api.js";

const NUMBERS = ["Integer", "BigInt", "Decimal", "Double", "Money"];
const LOOKUPS = ["Lookup", "Customer", "Owner"];
const IMPORT_ONLY = ["overriddencreatedon", "importsequencenumber"];
const NAME = "OData.Community.Display.V1.FormattedValue";
const TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname";

/** One row: its columns to edit; a case can be resolved. */
export async function rowPage(setName, id) {
  const table = (await tables()).find((each) => each.EntitySetName === setName);
  const all = (await columns(table.LogicalName)).filter((column) => column.IsValidForRead);
  const row = await ask("GET", `${setName}(${id})`, undefined, { Prefer: 'odata.include-annotations="*"' });
  const editable = all.filter((column) => column.IsValidForUpdate && !IMPORT_ONLY.includes(column.LogicalName));
  const editors = editable
    .filter((column) => column.IsValidForUpdate && !LOOKUPS.includes(column.AttributeType))
    .map((column) => editor(column, row));
  const lookups = await Promise.all(
    all.filter((column) => LOOKUPS.includes(column.AttributeType)).map((column) => lookup(column, row)),
  );
  const reload = () => window.dispatchEvent(new HashChangeEvent("hashchange"));
  const save = attempt(async () => {
    const changed = Object.fromEntries(
      editors.filter((each) => each.read() !== each.before).map((each) => [each.name, each.read()]),
    );
    if (Object.keys(changed).length === 0) return notice(texts.unchanged);
    await ask("PATCH", `${setName}(${id})`, changed, { "If-Match": row["@odata.etag"] });
    reload();
    return notice(texts.saved);
  });
  const remove = attempt(async () => {
    if (!confirm(texts.sure)) return;
    await ask("DELETE", `${setName}(${id})`);
    leave(`#/${setName}`, texts.removed);
  });
  const parts = [
    element("h1", {}, row[table.PrimaryNameAttribute] ?? texts.unnamed),
    element("p", { className: "quiet" }, element("code", {}, id)),
  ];
  if (setName === "incidents") parts.push(caseActions(row, all, reload));
  const fields = editors.map((each) => field(each.label, each.control, each.wide));
  const form = element("form", { onsubmit: save }, element("div", { className: "fields" }, ...fields));
  form.append(
    element(
      "div",
      { className: "actions" },
      element("button", { className: "main" }, texts.save),
      button(texts.remove, remove, "danger"),
    ),
  );
  return [...parts, element("dl", { className: "fields" }, ...lookups.filter(Boolean)), form];
}

function editor(column, row) {
  const { LogicalName: name, AttributeType: type, options } = column;
  const before = row[name] ?? null;
  const label = labelOf(column.DisplayName);
  const plain = { name, before, label, wide: type === "Memo" };
  if (type === "Boolean" || (options && type !== "Virtual")) {
    const value = (option) => (type === "Boolean" ? String(option.Value === 1) : String(option.Value));
    const all = [["", texts.empty], ...options.map((option) => [value(option), labelOf(option.Label)])];
    const control = choices(all, before === null ? "" : String(before));
    return { ...plain, control, read: () => (control.value === "" ? null : JSON.parse(control.value)) };
  }
  if (NUMBERS.includes(type)) {
    const control = element("input", { type: "number", step: "any", value: before ?? "" });
    return { ...plain, control, read: () => (control.value === "" ? null : Number(control.value)) };
  }
  if (type === "DateTime" && column.Format === "DateOnly") {
    const control = element("input", { type: "date", value: before ?? "" });
    return { ...plain, control, read: () => control.value || null };
  }
  const control = element(type === "Memo" ? "textarea" : "input", { value: before ?? "" });
  return { ...plain, control, read: () => control.value || null };
}

/** A lookup as a link to the row that it points to. */
async function lookup(column, row) {
  const property = `_${column.LogicalName}_value`;
  const id = row[property];
  if (!id) return undefined;
  const target = (await tables()).find((table) => table.LogicalName === row[`${property}@${TABLE}`]);
  const name = row[`${property}@${NAME}`] ?? id;
  const shown = target ? element("a", { href: `#/${target.EntitySetName}/${id}` }, name) : name;
  return element(
    "div",
    {},
    element("dt", { className: "quiet" }, labelOf(column.DisplayName)),
    element("dd", {}, shown),
  );
}

/** What an agent does with a case: resolve it, or take it up again. */
function caseActions(row, all, reload) {
  const id = row.incidentid;
  if (row.statecode !== 0) {
    const reopen = attempt(async () => {
      await ask("PATCH", `incidents(${id})`, { statecode: 0, statuscode: 1 });
      reload();
    });
    return element("div", { className: "actions" }, button(texts.reactivate, reopen));
  }
  const statuses = all
    .find((column) => column.LogicalName === "statuscode")
    .options.filter((option) => option.State === 1);
  const status = choices(
    statuses.map((option) => [String(option.Value), labelOf(option.Label)]),
    String(statuses[0]?.Value),
  );
  const subject = element("input", { required: true, value: row.title ?? "" });
  const resolve = attempt(async () => {
    const IncidentResolution = { subject: subject.value, "incidentid@odata.bind": `/incidents(${id})` };
    await ask("POST", "CloseIncident", { IncidentResolution, Status: Number(status.value) });
    reload();
    notice(texts.resolved);
  });
  return element(
    "form",
    { className: "actions", onsubmit: resolve },
    field(texts.resolution, subject),
    field(texts.resolveAs, status),
    element("button", { className: "main" }, texts.resolve),
  );
}
