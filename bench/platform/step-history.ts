import type { TriggerParts } from "../../local/durable/worker.ts";

const AT = '"Timestamp":"2026-11-22T21:32:42.1698926Z"';
const BEGIN = `{"EventType":12,"EventId":-1,"IsPlayed":false,${AT}}`;
const END = `{"EventType":13,"EventId":-1,"IsPlayed":false,${AT}}`;
const SETTINGS =
  '"upperSchemaVersion":1,"upperSchemaVersionNew":3,"longRunningTimerIntervalDuration":"3.00:00:00",' +
  '"maximumShortTimerDuration":"6.00:00:00","defaultHttpAsyncRequestSleepTimeMillseconds":30000';

const made = new Map<string, TriggerParts>();

/** The trigger of the episode in which `done` of the steps are done, as it was recorded on the real host. */
export function partsAfter(done: number, steps: number): TriggerParts {
  const key = `${done} of ${steps}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const began = (step: number, isPlayed: boolean) => [
    BEGIN,
    step === 0 ? started(steps, isPlayed) : completed(step - 1, isPlayed),
  ];
  const pieces = Array.from({ length: done }, (_, step) => [...began(step, true), scheduled(step), END].join(","));
  const parts = {
    history: 1,
    past: pieces.join(","),
    pieces,
    fresh: began(done, false).join(","),
    rest: `{"input":{"n":${steps}},"instanceId":"bench","isReplaying":${done > 0},"parentInstanceId":null,${SETTINGS}}`,
  };
  made.set(key, parts);
  return parts;
}

function started(steps: number, isPlayed: boolean): string {
  return (
    `{"OrchestrationInstance":{"InstanceId":"bench","ExecutionId":"5f4a5e93-82bd-5bf0-824c-db2138f6c313"},"EventType":0,` +
    `"ParentInstance":null,"Name":"steps","Version":null,"Input":"{\\"n\\":${steps}}","Tags":null,"Correlation":null,` +
    `"ParentTraceContext":null,"ScheduledStartTime":null,"Generation":0,"GenerateNewTrace":false,"EventId":-1,"IsPlayed":${isPlayed},${AT}}`
  );
}

function scheduled(step: number): string {
  return `{"EventType":4,"Name":"echo","Version":"","Input":null,"ParentTraceContext":null,"Tags":null,"EventId":${step},"IsPlayed":false,${AT}}`;
}

function completed(step: number, isPlayed: boolean): string {
  return `{"EventType":5,"TaskScheduledId":${step},"Result":"${step}","EventId":-1,"IsPlayed":${isPlayed},${AT}}`;
}
