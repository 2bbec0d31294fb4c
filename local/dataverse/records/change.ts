import type { Table } from "../catalogue/types.ts";
import type { Row, Values } from "../store/values.ts";

/** On whose behalf a request runs, and what it says about itself. */
export interface Caller {
  /** The user that the change belongs to. */
  readonly user: string;
  /** The user that connected: another one only under impersonation. */
  readonly connected: string;
  readonly correlationId: string;
  readonly requestId: string;
  /** `?tag=` of the request: shared variable `tag` in the contexts of the steps that fire. */
  readonly tag?: string;
  /** `MSCRM.BypassBusinessLogicExecution: CustomAsync`: asynchronous steps never hear of it. */
  readonly bypassAsync: boolean;
  readonly depth: number;
}

/** One write, as the event pipeline sees it after the operation. */
export interface Change {
  readonly message: "Create" | "Update" | "Delete";
  readonly table: Table;
  readonly id: string;
  /** What was asked for; the parent context's Target. */
  readonly requested: Values;
  /** With what the platform added: audit columns, computed ones, defaults. */
  readonly target: Values;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** Virtual time, ms, whole seconds. */
  readonly at: number;
  readonly caller: Caller;
}
