import type { TokenCredential } from "@azure/identity";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";

/** Where measurements go; both may be named. */
export interface Receivers {
  /** An OTLP receiver over HTTP; its paths and headers are OpenTelemetry's own settings. */
  readonly otlp: boolean;
  /** Application Insights; with an identity where its keys are off. */
  readonly applicationInsights?:
    | { readonly connectionString: string; readonly credential?: TokenCredential | undefined }
    | undefined;
}

export interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
}

/** Loads only what is named: each exporter takes its time to load. */
export async function exportersTo({ otlp, applicationInsights }: Receivers): Promise<readonly Exporters[]> {
  return [
    ...(otlp ? [await otlpExporters()] : []),
    ...(applicationInsights === undefined ? [] : [await azureMonitorExporters(applicationInsights)]),
  ];
}

async function otlpExporters(): Promise<Exporters> {
  const [{ OTLPTraceExporter }, { OTLPMetricExporter }] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/exporter-metrics-otlp-http"),
  ]);
  return { spans: new OTLPTraceExporter(), metrics: new OTLPMetricExporter() };
}

async function azureMonitorExporters(to: NonNullable<Receivers["applicationInsights"]>): Promise<Exporters> {
  const { AzureMonitorMetricExporter, AzureMonitorTraceExporter } = await import(
    "@azure/monitor-opentelemetry-exporter"
  );
  const { connectionString, credential } = to;
  const options = { connectionString, ...(credential === undefined ? {} : { credential }) };
  return { spans: new AzureMonitorTraceExporter(options), metrics: new AzureMonitorMetricExporter(options) };
}
