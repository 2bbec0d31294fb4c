import { once } from "node:events";
import { createServer } from "node:net";

/** The parts in the order of their ports. */
export const PARTS = ["app", "dataverse", "communication", "control", "serviceBus"] as const;
export type Ports = Readonly<Record<(typeof PARTS)[number], number>>;

const NEXT_BASE = 100;
const LOOK_AT = 20;

/** Ports from `base` on; 0 takes free ones. */
export function portsFrom(base: number): Ports {
  const port = (offset: number) => (base === 0 ? 0 : base + offset);
  return { app: port(0), dataverse: port(1), communication: port(2), control: port(3), serviceBus: port(4) };
}

/** The first of these ports that another program has. */
export async function takenPort(ports: Ports): Promise<number | undefined> {
  for (const part of PARTS) if (await isTaken(ports[part])) return ports[part];
  return undefined;
}

/** A base whose ports are all free, near the one that was asked for. */
export async function freeBase(base: number): Promise<number | undefined> {
  for (let n = 1; n <= LOOK_AT; n += 1) {
    const next = base + n * NEXT_BASE;
    if (next + PARTS.length <= 65_535 && (await takenPort(portsFrom(next))) === undefined) return next;
  }
  return undefined;
}

/** On either loopback: a browser asks `localhost`, which may be both. */
async function isTaken(port: number): Promise<boolean> {
  if (port === 0) return false;
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer();
    try {
      server.listen(port, host);
      await once(server, "listening");
      server.close();
      await once(server, "close");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" || code === "EACCES") return true;
    }
  }
  return false;
}
