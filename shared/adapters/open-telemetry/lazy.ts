import { type Measure, SILENT } from "../../ports/measure.ts";
import type { Receivers } from "./exporters.ts";

/**
 * OpenTelemetry, loaded beside the first requests and only where somebody receives: a cold start must not wait for it.
 * The first span does, for else the run that it begins would have no trace.
 */
export function lazyMeasure(receivers: Receivers): Measure {
  if (!receivers.otlp && receivers.applicationInsights === undefined) return SILENT;
  let real = SILENT;
  const loaded = load(receivers).then((measure) => {
    real = measure;
  });
  const once = (tell: () => void): void => {
    if (real === SILENT) void loaded.then(tell);
    else tell();
  };
  return {
    on: true,
    count: (...what) => once(() => real.count(...what)),
    record: (...what) => once(() => real.record(...what)),
    level: (...what) => once(() => real.level(...what)),
    span: async (name, how, work) => {
      if (real === SILENT) await loaded;
      return real.span(name, how, work);
    },
    label: (labels) => real.label(labels),
    link: (trace) => real.link(trace),
    trace: () => real.trace(),
    flush: async () => {
      await loaded;
      await real.flush();
    },
  };
}

/** Nobody's mail waits because nobody can be told of it. */
async function load(receivers: Receivers): Promise<Measure> {
  try {
    const { openTelemetryMeasure } = await import("./measure.ts");
    return await openTelemetryMeasure(receivers);
  } catch (fault) {
    console.error("measurements are off:", fault instanceof Error ? fault.message : fault);
    return SILENT;
  }
}
