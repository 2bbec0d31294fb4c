import type { Table } from "../catalogue/types.ts";
import { badRequest } from "../errors.ts";
import { numberOf, type Value, type Values } from "../store/values.ts";

const STATE_COLUMNS: ReadonlySet<string> = new Set(["statecode", "statuscode"]);

/**
 * Completes a state by its default status and refuses a status of another state.
 * @throws ODataError 400
 */
export function withStatus(table: Table, written: Values, before: Values | undefined): Values {
  const untouched = written.statecode === undefined && written.statuscode === undefined;
  const stateColumn = table.columns.find((column) => column.name === "statecode");
  if (!stateColumn || (untouched && before)) return written;
  const states = stateColumn.options ?? [];
  const statuses = table.columns.find((column) => column.name === "statuscode")?.options ?? [];
  const wanted = numberOf(written.statuscode);
  // On create the state follows from the status, so that an import may bring closed rows.
  const implied = before ? undefined : statuses.find((option) => option.value === wanted)?.state;
  const state =
    numberOf(written.statecode) ?? implied ?? numberOf(before?.statecode) ?? Number(stateColumn.default ?? 0);
  const status = wanted ?? states.find((option) => option.value === state)?.defaultStatus ?? 1;
  if (!statuses.some((option) => option.value === status && option.state === state)) {
    const name = states.find((option) => option.value === state)?.labels[1033] ?? String(state);
    throw badRequest(
      `${status} is not a valid status code for state code ${table.schemaName}State.${name} on ${table.name}.`,
      "0x80048408",
    );
  }
  // A status within its state does not write the state: steps filtered on it don't fire.
  if (before && written.statecode === undefined) return written;
  return { ...written, statecode: state, statuscode: status };
}

/** An update that mixes states with other columns runs as two, each with its own event: the others first. */
export function updateGroups(written: Values): Values[] {
  const states: Record<string, Value> = {};
  const others: Record<string, Value> = {};
  for (const [name, value] of Object.entries(written)) (STATE_COLUMNS.has(name) ? states : others)[name] = value;
  return [others, states].filter(
    (group, at) => Object.keys(group).length > 0 || (at === 0 && states.statecode === undefined),
  );
}
