const AT = '"Timestamp":"2026-11-22T21:32:42.1698926Z"';
const MARK = {
  begin: `{"EventType":12,"EventId":-1,"IsPlayed":false,${AT}}`,
  end: `{"EventType":13,"EventId":-1,"IsPlayed":false,${AT}}`,
};
const SETTINGS =
  '"upperSchemaVersion":1,"upperSchemaVersionNew":3,"longRunningTimerIntervalDuration":"3.00:00:00",' +
  '"maximumShortTimerDuration":"6.00:00:00","defaultHttpAsyncRequestSleepTimeMillseconds":30000';

const made = new Map<string, string>();

/** The trigger of the episode in which `done` of the steps are done, as it was recorded on the real host. */
export function historyAfter(done: number, steps: number): string {
  const key = `${done} of ${steps}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const started =
    `{"OrchestrationInstance":{"InstanceId":"bench","ExecutionId":"5f4a5e93-82bd-5bf0-824c-db2138f6c313"},"EventType":0,` +
    `"ParentInstance":null,"Name":"steps","Version":null,"Input":"{\\"n\\":${steps}}","Tags":null,"Correlation":null,` +
    `"ParentTraceContext":null,"ScheduledStartTime":null,"Generation":0,"GenerateNewTrace":false,"EventId":-1,"IsPlayed":${done > 0},${AT}}`;
  const events = [MARK.begin, started];
  for (let step = 0; step < done; step++)
    events.push(
      `{"EventType":4,"Name":"echo","Version":"","Input":null,"ParentTraceContext":null,"Tags":null,"EventId":${step},"IsPlayed":false,${AT}}`,
      MARK.end,
      MARK.begin,
      `{"EventType":5,"TaskScheduledId":${step},"Result":"${step}","EventId":-1,"IsPlayed":${step < done - 1},${AT}}`,
    );
  const text = `{"history":[${events.join(",")}],"input":{"n":${steps}},"instanceId":"bench","isReplaying":${done > 0},"parentInstanceId":null,${SETTINGS}}`;
  made.set(key, text);
  return text;
}
