import { attempt, button, choices, element, field } from "./dom.js";
import { labelOf, moment, texts } from "./texts.js";
import { ask, tables } from "./web-api.js";

const PAGE = 25;

/** The rows of one table, newest first, with a search by name. */
export async function rowsPage(setName) {
  const all = await tables();
  const table =
    all.find((each) => each.EntitySetName === setName) ?? all.find((each) => each.LogicalName === "incident");
  const list = element("ul", { className: "rows" });
  const more = element("div", { className: "actions" });
  const search = element("input", { type: "search" });
  const chooser = choices(
    all.map((each) => [each.EntitySetName, labelOf(each.DisplayCollectionName)]),
    table.EntitySetName,
  );
  chooser.onchange = () => {
    location.hash = `#/${chooser.value}`;
  };
  const load = attempt(async () => {
    list.replaceChildren();
    await show(table, query(table, search.value.trim()), list, more);
  });
  const form = element(
    "form",
    { className: "actions", onsubmit: load },
    field(texts.table, chooser),
    field(texts.search, search),
    element("button", {}, texts.search),
  );
  await load();
  return [element("h1", {}, labelOf(table.DisplayCollectionName)), form, list, more];
}

function query(table, text) {
  const name = table.PrimaryNameAttribute;
  const found =
    text === "" ? "" : `&$filter=${encodeURIComponent(`contains(${name},'${text.replaceAll("'", "''")}')`)}`;
  return `${table.EntitySetName}?$select=${name},modifiedon&$orderby=modifiedon desc${found}`;
}

async function show(table, path, list, more) {
  const page = await ask("GET", path, undefined, { Prefer: `odata.maxpagesize=${PAGE}` });
  for (const row of page.value) {
    const name = row[table.PrimaryNameAttribute] ?? texts.unnamed;
    const link = element("a", { href: `#/${table.EntitySetName}/${row[table.PrimaryIdAttribute]}` }, name);
    const changed = element("span", { className: "quiet" }, ` ${texts.changedOn} ${moment(row.modifiedon)}`);
    list.append(element("li", {}, link, changed));
  }
  if (list.childElementCount === 0) list.append(element("li", { className: "quiet" }, texts.none));
  const next = page["@odata.nextLink"];
  more.replaceChildren(
    ...(next
      ? [
          button(
            texts.more,
            attempt(() => show(table, next, list, more)),
          ),
        ]
      : []),
  );
}

/** Webhooks that were given up. */
export async function jobsPage() {
  const path = "asyncoperations?$filter=statuscode eq 31&$orderby=createdon desc&$top=50";
  const { value } = await ask("GET", path);
  const rows = value.map((job) =>
    element(
      "li",
      {},
      `${job.name} (${job.messagename}, ${job.primaryentitytype}) `,
      element("span", { className: "quiet" }, moment(job.createdon)),
      element("br"),
      element("span", { className: "quiet" }, job.message ?? ""),
    ),
  );
  const list = rows.length > 0 ? element("ul", { className: "rows" }, ...rows) : element("p", {}, texts.noJobs);
  return [element("h1", {}, texts.jobs), list];
}
