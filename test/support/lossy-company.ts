import type { TrackedRow } from "../../shared/ports/missed-changes.ts";
import { receiveChange } from "../../shared/use-cases/receive-change.ts";
import { stateOf } from "../shared/domain/registration/simulated.ts";
import { CASE, caseBody, lookup } from "../shared/wire/payload.ts";
import { ChangeReports } from "./change-reports.ts";
import { ANNA, openCompany } from "./company-in-process.ts";
import { inProcess } from "./in-process.ts";
import { MemoryRegistrar } from "./memory-registrar.ts";

const MINUTE_MS = 60_000;
const CUSTOMER = ANNA.slice("contact:".length);
const STEPS = { Create: id("44444444", 1), Update: id("44444444", 2), Delete: id("44444444", 3) };
const REST = { kind: "wait", duration: "P90D", next: null };

/** An id that begins so. */
export function id(start: string, n: number): string {
  return `${start}-aaaa-4aaa-8aaa-${String(n).padStart(12, "0")}`;
}

/** A company whose webhook may fail: each case's change comes by it, or by what Dataverse keeps of it. */
export type LossyCompany = Awaited<ReturnType<typeof lossyCompany>>;

export async function lossyCompany() {
  const world = inProcess();
  const { clock, dataverse, missed } = world;
  const reports = new ChangeReports(world);
  await openCompany(world, []);
  for (const [slug, more] of [
    ["made", { created: true }],
    ["saved", { updated: { columns: "any", onlyWhenChanged: false } }],
    ["resolved", { updated: { columns: ["statecode"] }, condition: RESOLVED }],
    ["gone", { deleted: true }],
  ] as const) {
    const audience = [{ column: "customerid", table: "contact" }];
    await world.publish("triggers", { kind: "record", slug, name: slug, table: "incident", audience, ...more });
    const entry = { trigger: slug, reentry: { kind: "always" } };
    await world.publish("journeys", { slug, name: slug, entry, start: "rest", steps: { rest: REST } });
  }
  const registrar = new MemoryRegistrar();
  const found = { columns: "all", enabled: true, sound: true, images: [] } as const;
  registrar.state = stateOf({
    endpoint: { id: "endpoint", url: "https://parcours.example", keyMark: "0" },
    steps: Object.entries(STEPS).map(([message, step]) => ({ ...found, id: step, table: "incident", message })),
  });
  const deps = { ...world.calm, registration: { ...world.calm.registration, on: true, registrar } };
  missed.tracked.set("incident", []);
  let made = 0;

  /** A save that took place now: what Dataverse has to tell of it. */
  function save(message: "Create" | "Update" | "Delete", columns: Record<string, number> = {}, record = CASE) {
    clock.moveTo(clock.now() + MINUTE_MS);
    made += 1;
    const operation = id("22222222", made);
    const was = dataverse.rows.get(`incident:${record}`);
    const row = { statecode: 0, ...was, ...columns, customerid: { table: "contact", id: CUSTOMER, name: null } };
    if (message === "Delete") dataverse.rows.delete(`incident:${record}`);
    else dataverse.put("incident", record, row);
    const at = new Date(clock.now()).toISOString();
    const createdAt = message === "Create" ? at : "2026-01-01T00:00:00.000Z";
    const tracked: TrackedRow =
      message === "Delete"
        ? { id: record, deleted: true, createdAt: null, modifiedAt: null, by: null }
        : { id: record, deleted: false, createdAt, modifiedAt: at, by: "u" };
    const image = (values: object) => ({ ...values, customerid: lookup("contact", CUSTOMER) });
    const body = caseBody({
      message,
      target: { ...columns, title: `save ${made}` },
      ...(message === "Create" ? {} : { pre: image({ statecode: Number(was?.statecode ?? 0) }) }),
      ...(message === "Delete" ? {} : { post: image({ statecode: Number(row.statecode) }) }),
      over: {
        PrimaryEntityId: record,
        OrganizationId: deps.settings.organization,
        OperationId: operation,
        OwningExtension: { Id: STEPS[message], LogicalName: "sdkmessageprocessingstep" },
        OperationCreatedOn: `/Date(${clock.now()}+0000)/`,
      },
    });
    return {
      track: () => missed.tracked.get("incident")?.push(tracked),
      post: async () => void (await receiveChange({ key: "webhook-key", body, oversize: false }, deps)),
      fail: () => {
        const completedAt = new Date(clock.now()).toISOString();
        missed.jobs.push({ id: operation, step: STEPS[message], record, at, completedAt, by: "u", depth: 1 });
      },
    };
  }
  return { world, deps, reports, save, close: () => world.close() };
}

const RESOLVED = { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 };
