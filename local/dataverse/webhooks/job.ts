/** One delivery to come: what a system job holds beside its row in `asyncoperation`, whose id it has. */
export interface Job {
  readonly id: string;
  readonly endpoint: string;
  readonly table: string;
  readonly message: string;
  readonly correlationId: string;
  readonly requestId: string;
  readonly autoDelete: boolean;
  /** The context's JSON text, whole. */
  readonly body: string;
}
