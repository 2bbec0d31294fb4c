import { badQuery, ODataError } from "../errors.ts";
import type { Call } from "./api.ts";

/** Delta links older than this are refused: the environment's default. */
const DELTA_DAYS = 7;
const DAY_MS = 86_400_000;

/** The `$skiptoken` of a next link: how many rows are behind, and with change tracking as of which version. */
export interface Cookie {
  readonly page: number;
  readonly skip: number;
  readonly version: number | undefined;
}

export function cookieOf(query: URLSearchParams): Cookie {
  const text = query.get("$skiptoken") ?? "";
  if (text !== "" && !/^<cookie /.test(text)) throw badQuery("The paging cookie in $skiptoken is malformed.");
  const read = (name: string) => {
    const found = new RegExp(`${name}="(\\d+)"`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return { page: read("pagenumber") ?? 1, skip: read("skip") ?? 0, version: read("version") };
}

/** The address of the next page. */
export function nextLink({ request }: Call, next: number, cookie: Cookie): string {
  const version = cookie.version === undefined ? "" : ` version="${cookie.version}"`;
  const token = `<cookie pagenumber="${cookie.page + 1}" skip="${next}"${version} />`;
  return `${request.base}/${request.path}?${withOption(request.query, "$skiptoken", token, [])}`;
}

/** The address that tells later what changed since `version`: `919042!08/22/2026 08:10:44`. */
export function deltaLink({ request, environment }: Call, version: number): string {
  const [day = "", time = ""] = new Date(environment.now()).toISOString().slice(0, 19).split("T");
  const [year, month, date] = day.split("-");
  const token = `${version}!${month}/${date}/${year} ${time}`;
  return `${request.base}/${request.path}?${withOption(request.query, "$deltatoken", token, ["$skiptoken"])}`;
}

/** The version that a delta token stands for. @throws ODataError 400 when it is none, or too old */
export function deltaVersion(token: string, now: number): number {
  const found = /^(\d+)!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(token);
  if (!found) throw new ODataError(400, "0x80060888", `The delta token '${token}' is not valid.`);
  const [, version, month, date, year, time] = found;
  if (now - Date.parse(`${year}-${month}-${date}T${time}Z`) > DELTA_DAYS * DAY_MS)
    throw new ODataError(
      400,
      "0x80044352",
      "Version stamp associated with the client has expired. Please perform a full sync.",
    );
  return Number(version);
}

/** The query string with one option more; names stay readable (`$select`, not `%24select`). */
function withOption(query: URLSearchParams, name: string, value: string, without: readonly string[]): string {
  const kept = [...query].filter(([each]) => each !== name && !without.includes(each));
  return [...kept, [name, value] as const].map(([each, text]) => `${each}=${encodeURIComponent(text)}`).join("&");
}
