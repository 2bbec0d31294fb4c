import * as df from "durable-functions";
import { services } from "../shared/services.ts";
import { continueRun } from "../shared/use-cases/continue-run.ts";
import { ORCHESTRATOR, resumeCall, stepCall } from "../shared/wire/run-call.ts";
import { journey } from "./orchestrator.ts";

// Names and inputs are fixed for ever: histories in flight hold them.
df.app.orchestration(ORCHESTRATOR, journey);

df.app.activity("resume-run", {
  handler: (input: unknown) => continueRun(resumeCall(input), services()),
});

df.app.activity("take-step", {
  handler: (input: unknown) => continueRun(stepCall(input), services()),
});
