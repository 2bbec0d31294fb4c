import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A span as OTLP/JSON carries it, as far as the tests look. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { readonly traceId: string }[];
}

export interface OtlpReceiver {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Names of metrics that came. */
  readonly metrics: Set<string>;
  /** Every body as it came: nothing secret may be in any of it. */
  readonly bodies: string[];
  /** Waits until what came is enough. */
  until(enough: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** A receiver of OpenTelemetry's protocol over HTTP, with JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics = new Set<string>();
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    bodies.push(text);
    const body = JSON.parse(text);
    for (const resource of body.resourceSpans ?? [])
      for (const scope of resource.scopeSpans) spans.push(...scope.spans);
    for (const resource of body.resourceMetrics ?? [])
      for (const scope of resource.scopeMetrics) for (const metric of scope.metrics) metrics.add(metric.name);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    metrics,
    bodies,
    async until(enough) {
      const end = performance.now() + PATIENCE_MS;
      while (!enough()) {
        if (performance.now() > end) throw new Error(`after ${PATIENCE_MS} ms only: ${spans.map(({ name }) => name)}`);
        await sleep(50);
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
