import { randomUUID } from "node:crypto";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Change } from "../records/change.ts";
import type { RowStore } from "../store/row-store.ts";
import type { Values } from "../store/values.ts";
import { type ContextDeps, executionContext } from "./context.ts";
import { contractText } from "./contract-value.ts";
import type { Job } from "./job.ts";
import type { Registration, Registrations } from "./registrations.ts";

const READY = { statecode: 0, statuscode: 0 };
const SUCCEEDED = { statecode: 3, statuscode: 30 };
const FAILED = { statecode: 3, statuscode: 31 };

export interface SystemJobsDeps {
  readonly store: RowStore;
  readonly catalogue: Catalogue;
  readonly registrations: Registrations;
  readonly context: ContextDeps;
  readonly now: () => number;
}

/** The asynchronous jobs of webhooks: rows of `asyncoperation`, and what they will post. They outlive a restart. */
export class SystemJobs {
  readonly #deps: SystemJobsDeps;
  #seq: number;

  constructor(deps: SystemJobsDeps) {
    this.#deps = deps;
    this.#seq = Number(deps.store.db.get(`SELECT max(seq) AS seq FROM "$job"`)?.seq ?? 0);
  }

  /** Makes a job for each step that the change fires, in the change's own transaction. */
  jobsFor(change: Change): Job[] {
    const fired = this.#deps.registrations.firedBy(change);
    return change.caller.bypassAsync ? [] : fired.map((step) => this.#make(change, step));
  }

  /** Jobs not yet delivered, oldest first. */
  pending(): Job[] {
    return this.#deps.store.db
      .all(`SELECT job FROM "$job" ORDER BY seq`)
      .map(({ job }) => JSON.parse(String(job)) as Job);
  }

  succeeded(job: Job): void {
    this.#settle(job, job.autoDelete ? undefined : { ...SUCCEEDED, completedon: this.#second() });
  }

  /** Stays behind as statuscode 31: Dataverse does not try again. */
  failed(job: Job, message: string, retries: number): void {
    const text = { message, friendlymessage: message, errorcode: -2147200973, retrycount: retries };
    this.#settle(job, { ...FAILED, ...text, completedon: this.#second() });
  }

  #make(change: Change, step: Registration): Job {
    const { store, catalogue, context } = this.#deps;
    const { caller, table, message } = change;
    const id = randomUUID();
    const job: Job = {
      id,
      endpoint: step.endpoint,
      table: table.name,
      message,
      correlationId: caller.correlationId,
      requestId: caller.requestId,
      autoDelete: step.autoDelete,
      body: contractText(executionContext(change, step, id, context)),
    };
    store.insert(catalogue.table("asyncoperation"), id, {
      ...READY,
      name: step.name,
      operationtype: 1,
      messagename: message,
      primaryentitytype: table.name,
      depth: caller.depth,
      retrycount: 0,
      correlationid: caller.correlationId,
      requestid: caller.requestId,
      regardingobjectid: { table: table.name, id: change.id },
      owningextensionid: { table: "sdkmessageprocessingstep", id: step.id },
      ownerid: { table: "systemuser", id: caller.user },
      createdby: { table: "systemuser", id: caller.user },
      createdon: change.at,
      modifiedon: change.at,
      startedon: change.at,
    });
    store.db.run(`INSERT INTO "$job" (id, seq, job) VALUES (?, ?, ?)`, id, ++this.#seq, JSON.stringify(job));
    return job;
  }

  #settle(job: Job, outcome: Values | undefined): void {
    const { store, catalogue } = this.#deps;
    const table = catalogue.table("asyncoperation");
    store.db.transaction(() => {
      store.db.run(`DELETE FROM "$job" WHERE id = ?`, job.id);
      if (outcome) store.update(table, job.id, { ...outcome, modifiedon: this.#second() });
      else store.delete(table, job.id, this.#deps.now());
    });
  }

  #second(): number {
    return Math.floor(this.#deps.now() / 1000) * 1000;
  }
}
