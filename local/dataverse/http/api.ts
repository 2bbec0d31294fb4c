import type { Environment } from "../environment.ts";
import type { Caller } from "../records/change.ts";
import type { Preferences } from "./preferences.ts";

/** One request to the Web API, by itself or as a part of a `$batch`. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded, after `/api/data/v9.2/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** `http://localhost:7072/api/data/v9.2`: what addresses in answers start with. */
  readonly base: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body?: unknown;
}

/** What every handler gets. */
export interface Call {
  readonly request: ApiRequest;
  readonly environment: Environment;
  readonly caller: Caller;
  readonly prefer: Preferences;
}
