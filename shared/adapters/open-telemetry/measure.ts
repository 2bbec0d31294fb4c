import {
  type Attributes,
  type Context,
  context,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Labels, Measure, SpanHow } from "../../ports/measure.ts";
import { COUNTERS, DISTRIBUTIONS, LEVELS } from "../../ports/measure-names.ts";
import { exportersTo, type Receivers } from "./exporters.ts";
import { redacted } from "./redact.ts";

const NAME = "parcours";
const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** `Measure` over OpenTelemetry. Sampling, headers and intervals are OpenTelemetry's own settings (`OTEL_…`). */
export async function openTelemetryMeasure(receivers: Receivers): Promise<Measure> {
  const resource = resourceFromAttributes({ "service.name": NAME });
  const exporters = await exportersTo(receivers);
  const spanProcessors: SpanProcessor[] = exporters.map(({ spans }) => new BatchSpanProcessor(spans));
  const readers: MetricReader[] = exporters.map(
    ({ metrics }) => new PeriodicExportingMetricReader({ exporter: metrics, ...interval() }),
  );
  const tracers = new BasicTracerProvider({ resource, spanProcessors });
  const meters = new MeterProvider({ resource, readers });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  return over(tracers, meters);
}

function over(tracers: BasicTracerProvider, meters: MeterProvider): Measure {
  const tracer = tracers.getTracer(NAME);
  const meter = meters.getMeter(NAME);
  const counters = made(COUNTERS, (name, { unit, what }) => meter.createCounter(name, { unit, description: what }));
  const distributions = made(DISTRIBUTIONS, (name, { unit, what }) =>
    meter.createHistogram(name, { unit, description: what }),
  );
  const levels = made(LEVELS, (name, { unit, what }) => meter.createGauge(name, { unit, description: what }));
  return {
    on: true,
    count: (name, labels, by = 1) => counters[name].add(by, attributesOf(labels)),
    record: (name, value, labels) => distributions[name].record(value, attributesOf(labels)),
    level: (name, value, labels) => levels[name].record(value, attributesOf(labels)),
    span: (name, { kind, parent, labels }, work) =>
      tracer.startActiveSpan(
        name,
        { kind: KINDS[kind], attributes: attributesOf(labels) },
        under(parent),
        (span: Span) => ended(span, work),
      ),
    label: (labels) => void trace.getActiveSpan()?.setAttributes(attributesOf(labels)),
    link: (to) => {
      const linked = spanContext(to);
      if (linked !== undefined) trace.getActiveSpan()?.addLink({ context: linked });
    },
    trace: () => {
      const span = trace.getActiveSpan()?.spanContext();
      if (span === undefined) return undefined;
      return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
    },
    flush: async () => {
      await Promise.allSettled([tracers.forceFlush(), meters.forceFlush()]);
    },
  };
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    // Its code and no word more: a message may hold what somebody wrote.
    const code = fault instanceof Error && "code" in fault ? String(fault.code) : "fault";
    span.setAttributes(attributesOf({ code }));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw fault;
  } finally {
    span.end();
  }
}

/** Where whoever called records nothing, the trace is one of our own: else it would be dropped with theirs. */
function under(parent: SpanHow["parent"]): Context {
  const remote = spanContext(parent);
  return remote === undefined ? context.active() : trace.setSpanContext(context.active(), remote);
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function spanContext(traceparent: string | undefined) {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}

function attributesOf(labels: Labels = {}): Attributes {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      `${NAME}.${name}`,
      typeof value === "string" ? redacted(value) : value,
    ]),
  );
}

/** As OpenTelemetry's settings name it; the reader takes no heed of them by itself. */
function interval(): { exportIntervalMillis?: number } {
  const asked = Number(process.env.OTEL_METRIC_EXPORT_INTERVAL);
  return Number.isInteger(asked) && asked > 0 ? { exportIntervalMillis: asked } : {};
}

function made<Name extends string, Described, Made>(
  described: Readonly<Record<Name, Described>>,
  make: (name: Name, what: Described) => Made,
): Record<Name, Made> {
  const names = Object.keys(described) as Name[];
  return Object.fromEntries(names.map((name) => [name, make(name, described[name])])) as Record<Name, Made>;
}
