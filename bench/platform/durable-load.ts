import { Agent, request } from "node:http";

export interface Target {
  readonly url: string;
  /** Of the webhooks. */
  readonly key: string;
}

const CONNECTIONS = 16;
const HOOKS = "/runtime/webhooks/durabletask";
const POLL_MS = 20;

let batches = 0;

/** Starts `count` instances by the management API, waits until all have ended, and answers how many seconds it took. */
export async function secondsFor(target: Target, orchestrator: string, count: number, input: unknown): Promise<number> {
  const prefix = `${orchestrator}-${++batches}-`;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const ask = (method: string, path: string, body?: string): Promise<string> =>
    send(target, agent, method, `${HOOKS}/${path}${path.includes("?") ? "&" : "?"}code=${target.key}`, body);
  try {
    const began = performance.now();
    const body = JSON.stringify(input);
    await Promise.all(
      Array.from({ length: count }, (_, n) => ask("POST", `orchestrators/${orchestrator}/${prefix}${n}`, body)),
    );
    const running = `instances/?runtimeStatus=Running,Pending&top=1&instanceIdPrefix=${prefix}`;
    while ((await ask("GET", running)) !== "[]") await new Promise((again) => setTimeout(again, POLL_MS));
    const seconds = (performance.now() - began) / 1000;
    const completed = JSON.parse(
      await ask("GET", `instances/?runtimeStatus=Completed&instanceIdPrefix=${prefix}&top=${count}`),
    );
    if (completed.length !== count) throw new Error(`${completed.length} of ${count} completed`);
    return seconds;
  } finally {
    agent.destroy();
  }
}

function send({ url }: Target, agent: Agent, method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request(new URL(path, url), { method, agent, headers: json }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () =>
        (response.statusCode ?? 500) < 300
          ? resolve(text)
          : reject(new Error(`${path}: ${response.statusCode} ${text}`)),
      );
    });
    sent.on("error", reject).end(body);
  });
}
