import type { Outcome } from "./worker.ts";

type Threw = Extract<Outcome, { kind: "threw" }>;

const GENERIC_HRESULT = -2146233088;

/** What the orchestrator is told of an activity's exception. A leading space comes with the host's own wrapping. */
export function activityReason(name: string, threw: Threw): string {
  return `Activity function '${name}' failed:  ${threw.message}`;
}

/** The exception as .NET serialises it: the library appends this text to the reason. */
export function activityDetails(threw: Threw): string {
  const stack = threw.stack ?? "";
  return JSON.stringify({
    $type: "System.Exception, System.Private.CoreLib",
    ClassName: "System.Exception",
    Message: ` ${threw.message}`,
    Data: null,
    InnerException: {
      $type: "Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script",
      IsUserException: false,
      RemoteStackTrace: stack,
      RemoteMessage: threw.message,
      RemoteTypeName: null,
      Message: `Result: Failure\nException: ${threw.message}\nStack: ${stack}`,
      Data: { $type: "System.Collections.ListDictionaryInternal, System.Private.CoreLib" },
      InnerException: null,
      HelpLink: null,
      Source: "System.Private.CoreLib",
      HResult: GENERIC_HRESULT,
      StackTrace: "   at Microsoft.Azure.WebJobs.Script.Description.WorkerFunctionInvoker.InvokeCore",
    },
    HelpURL: null,
    StackTraceString: null,
    RemoteStackTraceString: null,
    RemoteStackIndex: 0,
    ExceptionMethod: null,
    HResult: GENERIC_HRESULT,
    Source: null,
    WatsonBuckets: null,
  });
}
