import type { RetryContext } from "./retry-policy.ts";

/**
 * The shapes that the Node worker and `@azure/functions` exchange through the module `@azure/functions-core`. They
 * mirror the worker's RPC messages: the library converts them to what user code sees, so the conversions are its own.
 */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: HttpData;
  collectionString?: { string: string[] };
  collectionBytes?: { bytes: Uint8Array[] };
}

export interface NullableString {
  value: string;
}

export interface HttpData {
  method?: string;
  url?: string;
  body?: TypedData;
  nullableHeaders?: Record<string, NullableString>;
  nullableQuery?: Record<string, NullableString>;
  nullableParams?: Record<string, NullableString>;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: HttpCookie[];
}

/** Nullable settings are wrapped in `{ value }`, as protobuf's nullable types are. */
export interface HttpCookie {
  name?: string;
  value?: string;
  domain?: NullableString;
  path?: NullableString;
  expires?: { value?: unknown };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite?: unknown;
  maxAge?: { value: number };
}

export interface BindingInfo {
  readonly type: string;
  readonly direction: "in" | "out";
  readonly [setting: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, BindingInfo>>;
  readonly retryOptions?: unknown;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type LogCategory = "user" | "system" | "customMetric";

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: {
    readonly invocationId: string;
    readonly functionId: string;
    readonly inputData: { readonly name: string; readonly data: TypedData | undefined }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
    readonly traceContext: { readonly traceParent: string; readonly traceState: string };
    readonly retryContext?: RetryContext | undefined;
  };
  readonly metadata: FunctionMetadata;
  state: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export interface InvocationResponse {
  readonly outputData?: { readonly name: string; readonly data: TypedData }[];
  readonly returnValue?: TypedData | null | undefined;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type HookName = "appStart" | "appTerminate" | "preInvocation" | "postInvocation" | "log";
export type HookCallback = (context: Record<string, unknown>) => unknown;
