import { createHash } from "node:crypto";
import { type EntityName, jsonText } from "./answer.ts";
import type { EngineContext } from "./engine-context.ts";
import { releaseText, requestText, schedulerId } from "./entity-messages.ts";
import { type Sorter, sent } from "./message-sorter.ts";
import type { Stamp } from "./stamp.ts";
import type { Task } from "./task.ts";

const GUID_NAMESPACE = Buffer.from("9e9529585e334daf827f2fa12937b875", "hex");

/** The entity side of one replayed execution: requests sent as events, answers awaited under the request's id. */
export class EntityCalls {
  readonly #context: EngineContext;
  #sorter: Sorter = {};
  #guids = 0;
  #locked: { readonly id: string; readonly entities: readonly EntityName[] } | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  call(instanceId: string, op: string, input: unknown): Task {
    const id = this.#guid();
    this.#send(instanceId, { op, id, input, signal: false });
    return this.#context.externalEvents.wait(id);
  }

  signal(instanceId: string, op: string, input: unknown): void {
    this.#send(instanceId, { op, id: this.#guid(), input, signal: true });
  }

  /** Asks the first entity; it passes the request on to the next, and the last one answers. */
  lock(entities: readonly EntityName[]): Task {
    const id = this.#guid();
    const [first] = entities;
    this.#locked = { id, entities };
    if (first) {
      const to = schedulerId(first);
      const text = requestText({ op: null, id, ...this.#sender(), ...this.#label(to), lockset: entities });
      this.#context.send(to, "op", text);
    }
    return this.#context.externalEvents.wait(id);
  }

  release(): void {
    if (!this.#locked) return;
    const { id, entities } = this.#locked;
    this.#locked = undefined;
    const text = releaseText({ parent: this.#context.instance.InstanceId, id });
    for (const entity of entities) this.#context.send(schedulerId(entity), "release", text);
  }

  #send(instanceId: string, request: { op: string; id: string; input: unknown; signal: boolean }): void {
    const input = jsonText(request.input);
    const text = requestText({
      op: request.op,
      signal: request.signal,
      ...(input === null ? {} : { input }),
      id: request.id,
      ...this.#sender(),
      ...this.#label(instanceId),
      requestTime: this.#context.now.replace("Z", "+00:00"),
    });
    this.#context.send(instanceId, "op", text);
  }

  #sender(): { parent: string; parentExecution: string } {
    const { InstanceId, ExecutionId } = this.#context.instance;
    return { parent: InstanceId, parentExecution: ExecutionId };
  }

  /** Which message to this entity came before: the receiver keeps their order by it. */
  #label(to: string): { Timestamp: Stamp; Predecessor: string } {
    const { sorter, Timestamp, Predecessor } = sent(this.#sorter, to, this.#context.now);
    this.#sorter = sorter;
    return { Timestamp, Predecessor };
  }

  /** The same in every replay, for answers are matched by it (UUID version 5). */
  #guid(): string {
    const name = `${this.#context.instance.InstanceId}_${this.#context.now}_${this.#guids++}`;
    const hash = createHash("sha1").update(GUID_NAMESPACE).update(name).digest().subarray(0, 16);
    hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
    hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = hash.toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
