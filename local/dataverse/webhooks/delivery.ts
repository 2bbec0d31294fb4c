import type { Catalogue } from "../catalogue/catalogue.ts";
import type { RowStore } from "../store/row-store.ts";
import type { Job } from "./job.ts";
import { Poster } from "./post.ts";
import type { SystemJobs } from "./system-jobs.ts";
import { webhookRequest } from "./webhook-request.ts";

/** How many jobs run at once. First in, first out, but Dataverse promises no order and nor do we. */
const CONCURRENCY = 10;
const RETRIED: ReadonlySet<number> = new Set([502, 503, 504]);
const RETRY_AFTER_MS = 300;

/** `lost`: never posted, a failed job stays, as after a time-out. `vanished`: no trace at all. */
export type WebhookFault = "none" | "lost" | "twice" | "vanished";

export interface DeliveryDeps {
  readonly store: RowStore;
  readonly catalogue: Catalogue;
  readonly jobs: SystemJobs;
  readonly open: (what: string) => () => void;
  readonly organizationDomain: string;
  readonly log: (line: string) => void;
}

/** Posts the jobs of webhooks, ten at a time. */
export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #poster = new Poster(CONCURRENCY);
  readonly #queue: { job: Job; done: () => void }[] = [];
  #running = 0;
  #closed = false;
  fault: WebhookFault = "none";

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** Takes jobs whose transaction is committed. Each counts as under way until it is settled. */
  enqueue(jobs: readonly Job[]): void {
    for (const job of jobs) this.#queue.push({ job, done: this.#deps.open("dataverse webhook") });
    this.#pump();
  }

  /** Jobs under way are left to the next start. */
  close(): void {
    this.#closed = true;
    for (const { done } of this.#queue.splice(0)) done();
    this.#poster.close();
  }

  #pump(): void {
    while (this.#running < CONCURRENCY && !this.#closed) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#running += 1;
      this.#run(next.job)
        .catch((error: unknown) => this.#deps.log(`dataverse: job ${next.job.id}: ${String(error)}`))
        .finally(() => {
          this.#running -= 1;
          next.done();
          this.#pump();
        });
    }
  }

  async #run(job: Job): Promise<void> {
    const { fault } = this;
    const { jobs } = this.#deps;
    if (fault === "vanished") return jobs.succeeded(job);
    const { problem, retries } =
      fault === "lost" ? { problem: "The webhook call timed out.", retries: 0 } : await this.#post(job);
    if (fault === "twice" && problem === undefined) await this.#post(job);
    if (this.#closed) return;
    if (problem === undefined) return jobs.succeeded(job);
    this.#deps.log(`dataverse: webhook for ${job.message} of ${job.table} failed: ${problem}`);
    jobs.failed(job, problem, retries);
  }

  /** Once more after 502, 503 and 504, and only then. */
  async #post(job: Job): Promise<{ problem: string | undefined; retries: number }> {
    for (let retries = 0; ; retries++) {
      try {
        const status = await this.#postOnce(job);
        if (status >= 200 && status < 300) return { problem: undefined, retries };
        if (retries > 0 || !RETRIED.has(status) || this.#closed)
          return { problem: `The webhook call failed because the http request failed. Status: ${status}`, retries };
      } catch (error) {
        return { problem: `The webhook call failed. ${String(error)}`, retries };
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }

  async #postOnce(job: Job): Promise<number> {
    const { store, catalogue, organizationDomain } = this.#deps;
    const endpoint = store.get(catalogue.table("serviceendpoint"), job.endpoint);
    if (!endpoint) throw new Error("The service endpoint does not exist any more.");
    const { url, headers, body } = webhookRequest(job, endpoint.values, organizationDomain);
    return this.#poster.post(url, headers, body);
  }
}
