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

const NETWORK_HRESULT = -2147467259;

/** A connection that failed, as .NET's HTTP client serialises it. `error` is its `HttpRequestError`. */
export function httpDetails(message: string, error: number, cause: string, errno: number | null): string {
  return JSON.stringify({
    $type: "System.Net.Http.HttpRequestException, System.Net.Http",
    HttpRequestError: error,
    StatusCode: null,
    Message: message,
    Data: { $type: "System.Collections.ListDictionaryInternal, System.Private.CoreLib" },
    InnerException: {
      $type: "System.Net.Sockets.SocketException, System.Net.Primitives",
      ClassName: "System.Net.Sockets.SocketException",
      Message: cause,
      Data: null,
      InnerException: null,
      HelpURL: null,
      StackTraceString: "   at System.Net.Sockets.Socket.AwaitableSocketAsyncEventArgs.ThrowException",
      RemoteStackTraceString: null,
      RemoteStackIndex: 0,
      ExceptionMethod: null,
      HResult: NETWORK_HRESULT,
      Source: "System.Net.Sockets",
      WatsonBuckets: null,
      NativeErrorCode: errno,
    },
    HelpLink: null,
    Source: "System.Net.Http",
    HResult: NETWORK_HRESULT,
    StackTrace: "   at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync",
  });
}
