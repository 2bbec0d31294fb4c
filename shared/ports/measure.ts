import type { Counter, Distribution, Label, Level, SpanName } from "./measure-names.ts";

export type Labels = Readonly<Partial<Record<Label, string | number | boolean>>>;

export interface SpanHow {
  readonly kind: "server" | "client" | "producer" | "consumer" | "internal";
  /** The trace that it belongs to, as W3C `traceparent`; else that of the span around it, else one of its own. */
  readonly parent?: string | undefined;
  readonly labels?: Labels;
}

/** How Parcours tells what it does: numbers, and spans of one trace from the webhook to the mail. It never throws. */
export interface Measure {
  /** False where nobody receives. */
  readonly on: boolean;
  count(name: Counter, labels?: Labels, by?: number): void;
  record(name: Distribution, value: number, labels?: Labels): void;
  level(name: Level, value: number, labels?: Labels): void;
  /** The work as a span; spans in it are its children, and a fault marks it with its code alone. */
  span<T>(name: SpanName, how: SpanHow, work: () => Promise<T>): Promise<T>;
  /** Says more of the span that is under way. */
  label(labels: Labels): void;
  /** Another trace that the span under way has to do with. */
  link(trace: string | undefined): void;
  /** `traceparent` of the span that is under way, to be carried along; undefined where nothing is measured. */
  trace(): string | undefined;
  /** What was kept is sent. */
  flush(): Promise<void>;
}

/** Where nobody asks for measurements. */
export const SILENT: Measure = {
  on: false,
  count: () => undefined,
  record: () => undefined,
  level: () => undefined,
  span: (_name, _how, work) => work(),
  label: () => undefined,
  link: () => undefined,
  trace: () => undefined,
  flush: async () => undefined,
};
