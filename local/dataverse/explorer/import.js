import { attempt, button, choices, element, field, leave, notice } from "./dom.js";
import { labelOf, language, texts } from "./texts.js";
import { ask, columns, tables } from "./web-api.js";

const AT_ONCE = 100;
const NAMES = ["Aline", "Björn", "Chloé", "Dafydd", "Élodie", "François", "Grace", "Hélène", "Imogen", "Jürgen"];
const FAMILIES = ["Martin", "O'Brien", "Lefèvre", "Nguyen", "Smith", "D'Angelo", "Moreau", "Jones", "Çelik", "Durand"];

/** A lead by hand, as a sales person makes one. */
export async function newLeadPage() {
  const all = await columns("lead");
  const wanted = ["subject", "firstname", "lastname", "emailaddress1", "companyname"];
  const fields = wanted.map((name) => {
    const column = all.find((each) => each.LogicalName === name);
    const required = column.RequiredLevel.Value !== "None";
    const control = element("input", { name, required, type: name === "emailaddress1" ? "email" : "text" });
    return field(labelOf(column.DisplayName), control);
  });
  const form = element("form", {}, element("div", { className: "fields" }, ...fields));
  form.append(element("div", { className: "actions" }, element("button", { className: "main" }, texts.create)));
  form.onsubmit = attempt(async () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const made = await ask("POST", "leads", Object.fromEntries(filled), { Prefer: "return=representation" });
    leave(`#/leads/${made.leadid}`, texts.created);
  });
  return [element("h1", {}, texts.newLead), form];
}

/** Many rows at once, as an import does. */
export async function importPage() {
  const all = (await tables()).filter((table) => ["lead", "contact", "incident"].includes(table.LogicalName));
  const table = choices(
    all.map((each) => [each.LogicalName, labelOf(each.DisplayCollectionName)]),
    "lead",
  );
  const lines = element("textarea", { rows: 12, spellcheck: false });
  const sample = () => {
    lines.value = sampleLines(table.value);
  };
  const form = element(
    "form",
    {},
    field(texts.table, table),
    field(texts.lines, lines),
    element(
      "div",
      { className: "actions" },
      element("button", { className: "main" }, texts.importThem),
      button(texts.sample, sample),
    ),
  );
  form.onsubmit = attempt(async () => {
    const rows = await rowsOf(table.value, lines.value);
    if (rows.length === 0) return notice(texts.tooFew, true);
    const { EntitySetName } = all.find((each) => each.LogicalName === table.value);
    for (let at = 0; at < rows.length; at += AT_ONCE)
      await ask("POST", `${EntitySetName}/Microsoft.Dynamics.CRM.CreateMultiple`, {
        Targets: rows.slice(at, at + AT_ONCE),
      });
    return notice(texts.imported(rows.length));
  });
  return [element("h1", {}, texts.import), form];
}

function sampleLines(table) {
  const head =
    table === "incident"
      ? "title"
      : table === "lead"
        ? "subject,firstname,lastname,emailaddress1"
        : "firstname,lastname,emailaddress1";
  const lines = Array.from({ length: 100 }, (_, at) => {
    const first = NAMES[at % 10];
    const family = FAMILIES[Math.floor(at / 10)];
    const title = language === "fr" ? `Demande ${at + 1}` : `Request ${at + 1}`;
    if (table === "incident") return title;
    const person = `${first},${family},visitor${at + 1}@example.org`;
    return table === "lead" ? `${title},${person}` : person;
  });
  return [head, ...lines].join("\n");
}

/** CSV with quotes, to rows whose values have their columns' types. */
async function rowsOf(table, text) {
  const [head = [], ...lines] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(cells);
  const types = new Map((await columns(table)).map((column) => [column.LogicalName, column.AttributeType]));
  return lines.map((line) => {
    const row = { "@odata.type": `Microsoft.Dynamics.CRM.${table}` };
    head.forEach((name, at) => {
      const value = line[at] ?? "";
      if (value !== "")
        row[name.trim()] = ["String", "Memo", "DateTime"].includes(types.get(name.trim())) ? value : asJson(value);
    });
    return row;
  });
}

function asJson(value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function cells(line) {
  return [...line.matchAll(/(?:^|[,;])(?:"((?:[^"]|"")*)"|([^,;]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare.trim(),
  );
}
