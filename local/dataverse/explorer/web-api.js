const BASE = "/api/data/v9.2";

/** One request of the Web API. Answers the parsed body, or throws with what it said. */
export async function ask(method, path, body, headers = {}) {
  const address = path.startsWith("http") ? new URL(path).pathname + new URL(path).search : `${BASE}/${path}`;
  const response = await fetch(address, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === "" ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(answer.error?.message ?? `${response.status}`);
  return answer;
}

const kept = new Map();

/** Metadata changes seldom: asked once a page. */
function once(path) {
  if (!kept.has(path)) kept.set(path, ask("GET", path));
  return kept.get(path);
}

/** Tables with business data. */
export async function tables() {
  const names = "LogicalName,EntitySetName,DisplayName,DisplayCollectionName,PrimaryIdAttribute,PrimaryNameAttribute";
  const { value } = await once(`EntityDefinitions?$select=${names}&$filter=IsValidForAdvancedFind eq true`);
  return value;
}

/** Columns of a table with their options, in the order of metadata. */
export async function columns(table) {
  const at = `EntityDefinitions(LogicalName='${table}')/Attributes`;
  const { value } = await once(at);
  const casts = ["Picklist", "State", "Status", "MultiSelectPicklist", "Boolean"].map((cast) =>
    once(`${at}/Microsoft.Dynamics.CRM.${cast}AttributeMetadata?$select=LogicalName&$expand=OptionSet`),
  );
  const options = new Map();
  for (const { value: some } of await Promise.all(casts))
    for (const { LogicalName, OptionSet } of some)
      options.set(LogicalName, OptionSet.Options ?? [OptionSet.TrueOption, OptionSet.FalseOption]);
  return value.map((column) => ({ ...column, options: options.get(column.LogicalName) }));
}
