import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { compile, match } from "../shared/domain/matcher.ts";
import { parseContext } from "../shared/wire/remote-execution-context.ts";
import { catalogue } from "./catalogue.ts";

/**
 * A process of its own that serves one of the two ways on a bare node:http server, and tells its parent the port, and
 * on request the processor time it has used. Body, answer and all around the work are the same for both.
 */
const TRIGGERS = 1000;
const NOW = Date.parse("2026-03-01T09:00:00Z");

const matcher = compile(catalogue(TRIGGERS), 1);

const WORK: Readonly<Record<string, (body: Buffer) => number>> = {
  "parse-and-match": (body) => {
    const parsed = parseContext(body.toString("utf8"));
    if (parsed.kind === "malformed") return 400;
    match(matcher, parsed.change, NOW);
    return 202;
  },
  "hmac-and-json": (body) => {
    createHmac("sha256", "a key of some thirty-two characters").update(body).digest();
    const context = JSON.parse(body.toString("utf8")) as { MessageName?: string };
    return context.MessageName === undefined ? 400 : 202;
  },
};

const work = WORK[process.argv[2] ?? ""];
if (work === undefined) throw new Error(`one of ${Object.keys(WORK).join(", ")}`);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.statusCode = work(Buffer.concat(chunks));
    response.setHeader("content-length", 0);
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
process.on("disconnect", () => process.exit());
