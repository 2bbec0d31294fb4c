import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { surveyLink } from "../../sandbox/client.ts";
import { COUNTERS, DISTRIBUTIONS, LEVELS } from "../../shared/ports/measure-names.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const said = (span: ReceivedSpan | undefined, label: string): unknown =>
  span?.attributes.find(({ key }) => key === `parcours.${label}`)?.value.stringValue;

describe("OpenTelemetry", () => {
  let receiver: OtlpReceiver;
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    stack = await startStack({
      settings: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: "50",
        OTEL_METRIC_EXPORT_INTERVAL: "200",
      },
    });
    company = await Company.open(stack.http);
  });
  afterAll(async () => {
    await stack.stop();
    await receiver.close();
  });

  it("tells one run from the webhook to its last mail in one trace, and what it waited for beside it", async () => {
    const ana = await company.person("Ana");
    const incident = await company.openCase(ana.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(ana.address);
    await company.answer(survey, { satisfaction: "1", comment: "Trop long." });
    expect(await company.mailsTo(ana.address)).toHaveLength(2);
    const [run] = await company.runs("after-the-case", "live", incident);
    const hash = run?.row.state.run.split("~")[1];

    const sentBy = (traceId: string) =>
      receiver.spans.filter((span) => span.traceId === traceId && span.name === "mail sent");
    const ofRun = () => receiver.spans.filter((span) => span.name === "run continued" && said(span, "run") === hash);
    await receiver.until(() => ofRun().some(({ traceId }) => sentBy(traceId).length === 2));

    const [{ traceId } = { traceId: "" }] = ofRun();
    expect(new Set(ofRun().map((span) => span.traceId))).toEqual(new Set([traceId]));
    const trace = receiver.spans.filter((span) => span.traceId === traceId);
    const byId = new Map(trace.map((span) => [span.spanId, span]));
    const path: string[] = [];
    for (let span = sentBy(traceId).at(-1); span !== undefined; span = byId.get(span.parentSpanId ?? ""))
      path.unshift(span.name);
    expect(path).toEqual(["request answered", "messages published", "message handled", "run continued", "mail sent"]);
    const [root] = trace.filter((span) => span.parentSpanId === undefined);
    expect(said(root, "route")).toBe("dataverse-webhook");
    // The answer has a trace of its own, from the page on: the activity that took it names it.
    const linked = trace.flatMap((span) => span.links ?? []).map((link) => link.traceId);
    const answers = receiver.spans.filter((span) => said(span, "route") === "survey-answer");
    expect(linked).toContain(answers[0]?.traceId);
  });

  it("keeps the trace of a change that waited in the store while the bus was down", async () => {
    const ben = await company.person("Ben");
    const incident = await company.openCase(ben.id);
    await company.quiet();
    await company.http.control("/faults", { serviceBus: "down" });
    await company.http.resolve(incident);
    await receiver.until(() => receiver.metrics.has("parcours.spilled"));
    await company.http.control("/faults", { serviceBus: null });
    await company.http.advance("PT1M");
    expect(await company.mailsTo(ben.address)).toHaveLength(1);
    const [run] = await company.runs("after-the-case", "live", incident);
    const ofRun = (span: ReceivedSpan) => said(span, "run") === run?.row.state.run.split("~")[1];
    await receiver.until(() => {
      const traceId = receiver.spans.find(ofRun)?.traceId;
      const trace = receiver.spans.filter((span) => span.traceId === traceId);
      return trace.some((span) => span.name === "mail sent") && trace.some((span) => span.parentSpanId === undefined);
    });
    const traceId = receiver.spans.find(ofRun)?.traceId;
    const [root] = receiver.spans.filter((span) => span.traceId === traceId && span.parentSpanId === undefined);
    expect(said(root, "route")).toBe("dataverse-webhook");
  });

  it("never hears a key, a token, a name or an address", async () => {
    const { app, webhookKey, organizationId } = stack.http.at;
    const cleo = await company.person("Cleophas");
    const incident = await company.openCase(cleo.id, { title: "Confidentiel" });
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(cleo.address);
    if (survey === undefined) throw new Error("no mail came");
    const page = surveyLink(survey);
    await fetch(page);
    await company.answer(survey, { satisfaction: "5", comment: "Commentaire" });
    for (const key of [webhookKey, "a-wrong-key"]) {
      const posted = await fetch(`${app}/api/dataverse/webhook?code=${key}`, { method: "POST", body: organizationId });
      await posted.arrayBuffer();
    }
    await company.quiet();
    const requests = (route: string) => receiver.spans.filter((span) => said(span, "route") === route).length;
    await receiver.until(() => requests("survey-show") > 0 && requests("dataverse-webhook") >= 4);
    const heard = receiver.bodies.join("\n");
    const token = page.slice(page.lastIndexOf("/") + 1);
    for (const secret of [
      webhookKey,
      "a-wrong-key",
      token,
      "Cleophas",
      cleo.address,
      cleo.id,
      "Confidentiel",
      "Commentaire",
    ])
      expect(heard).not.toContain(secret);
  });

  it("hears of numbers under the names of the one list alone", async () => {
    const known = new Set<string>([COUNTERS, DISTRIBUTIONS, LEVELS].flatMap((list) => Object.keys(list)));
    const wanted = [
      "parcours.changes",
      "parcours.events",
      "parcours.entries",
      "parcours.runs.moved",
      "parcours.sends",
      "parcours.lag.received",
      "parcours.lag.handled",
      "parcours.lag.entered",
    ];
    await receiver.until(() => wanted.every((name) => receiver.metrics.has(name)));
    expect([...receiver.metrics].filter((name) => !known.has(name))).toEqual([]);
  });
});
