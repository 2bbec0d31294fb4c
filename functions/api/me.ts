import { z } from "zod";
import { ROLES } from "../../shared/use-cases/access.ts";
import { ok, type Route } from "./route.ts";

const me = z.object({ id: z.string(), name: z.string(), roles: z.array(z.enum(ROLES)) }).meta({ id: "Me" });

/** Who one is here: pages show what one may do, and the server decides it all the same. */
export const meRoutes: readonly Route[] = [
  {
    name: "read-me",
    method: "get",
    path: "/api/me",
    tag: "operations",
    role: "reader",
    summary: "Who asks, and with which roles; each includes those before it",
    responses: { 200: { description: "The caller", body: me } },
    handle: async (_request, _deps, _context, caller) => ok(caller),
  },
];
