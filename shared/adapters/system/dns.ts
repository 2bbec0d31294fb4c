import { Resolver } from "node:dns/promises";
import type { Dns } from "../../ports/dns.ts";

const TIME_OUT = 3_000;
const TRIES = 2;
/** "There is no such name" and "the name has no such record": both are answers. */
const NOTHING = new Set(["ENOTFOUND", "ENODATA"]);

/** The public DNS, asked of these servers or of the machine's own. */
export function publicDns(servers?: readonly string[]): Dns {
  const resolver = new Resolver({ timeout: TIME_OUT, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return {
    async lookUp(type, name) {
      try {
        if (type === "TXT") return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
        if (type === "CNAME") return await resolver.resolveCname(name);
        return null;
      } catch (error) {
        const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
        return NOTHING.has(code) ? [] : null;
      }
    },
  };
}
