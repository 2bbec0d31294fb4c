import http from "node:http";
import https from "node:https";

/** Dataverse gives a webhook this long. Real time: the other side is a real process. */
const TIMEOUT_MS = 60_000;

/** POSTs over connections that are kept open. */
export class Poster {
  readonly #http: http.Agent;
  readonly #https: https.Agent;

  constructor(connections: number) {
    this.#http = new http.Agent({ keepAlive: true, maxSockets: connections });
    this.#https = new https.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Answers the status. @throws Error when nothing answered in time */
  post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const secure = url.protocol === "https:";
    const payload = Buffer.from(body);
    const options = {
      method: "POST",
      agent: secure ? this.#https : this.#http,
      headers: { ...headers, "Content-Length": String(payload.length) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(url, options, (response) => {
        response.resume(); // the body is ignored
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", reject);
      });
      request.on("error", reject);
      request.end(payload);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
