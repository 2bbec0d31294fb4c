import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Answer, type Api, openApi } from "./api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

function part(request: string, body?: object, contentId?: number | string): string {
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(contentId ? [`Content-ID: ${contentId}`] : []),
  ];
  const json = body ? `Content-Type: application/json\r\n\r\n${JSON.stringify(body)}` : "";
  return `${head.join("\r\n")}\r\n\r\n${request} HTTP/1.1\r\n${json}\r\n`;
}

function changeSet(...parts: string[]): string {
  return `Content-Type: multipart/mixed; boundary=set\r\n\r\n${parts.map((each) => `--set\r\n${each}`).join("")}--set--\r\n`;
}

function send(parts: string[], headers: Record<string, string> = {}): Promise<Answer> {
  const body = `${parts.map((each) => `--b1\r\n${each}`).join("")}--b1--\r\n`;
  return api.call("POST", "$batch", body, { "Content-Type": 'multipart/mixed; boundary="b1"', ...headers });
}

function statuses({ text }: Answer): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
}

describe("$batch", () => {
  it("runs a change set whose later requests name what earlier ones made", async () => {
    const answer = await send([
      changeSet(
        part("POST /api/data/v9.2/contacts", { lastname: "Batched" }, 1),
        part(`POST ${api.dataverse.url}/accounts`, { name: "B", "primarycontactid@odata.bind": "$1" }, 2),
        part("PATCH $1", { firstname: "Ana" }, 3),
        part("PUT $2/name", { value: "Renamed" }, 4),
      ),
      part("GET accounts?$select=name&$expand=primarycontactid($select=fullname)"),
    ]);
    expect([answer.status, statuses(answer)]).toEqual([200, [204, 204, 204, 204, 200]]);
    expect(answer.text).toContain('"name":"Renamed"');
    expect(answer.text).toContain('"fullname":"Ana Batched"');
  });

  it("takes any word for a Content-ID", async () => {
    const answer = await send([
      changeSet(
        part("POST contacts", { lastname: "Named" }, "person-1"),
        part("PUT $person-1/jobtitle", { value: "Smith" }, "title"),
        part("POST accounts", { name: "N", "primarycontactid@odata.bind": "$person-1" }, "firm"),
      ),
    ]);
    expect([answer.status, statuses(answer)]).toEqual([200, [204, 204, 204]]);
    expect(await api.rows("contacts?$select=jobtitle&$filter=lastname eq 'Named'")).toMatchObject([
      { jobtitle: "Smith" },
    ]);
    const unknown = await send([part("POST accounts", { name: "N", "primarycontactid@odata.bind": "$nobody" })]);
    expect(unknown.status).toBe(400);
  });

  it("undoes a change set of which one request fails, and stops there", async () => {
    const failing = changeSet(
      part("POST leads", { subject: "Undone", lastname: "x" }, 1),
      part("POST leads", { nonsense: 1 }, 2),
    );
    const answer = await send([failing, part("GET leads")]);
    expect([answer.status, statuses(answer)]).toEqual([400, [400]]);
    expect(await api.rows("leads?$filter=subject eq 'Undone'")).toEqual([]);
  });

  it("goes on after errors when that is preferred", async () => {
    const parts = [
      part("DELETE leads(00000000-0000-4000-8000-000000000009)"),
      part("POST leads", { subject: "Kept", lastname: "x" }),
    ];
    const answer = await send(parts, { Prefer: "odata.continue-on-error" });
    expect([answer.status, statuses(answer)]).toEqual([200, [404, 204]]);
    expect(await api.rows("leads?$filter=subject eq 'Kept'")).toHaveLength(1);
  });

  it.each([
    ["a reference to nothing", () => [changeSet(part("PATCH $9", { name: "x" }, 1))]],
    ["reading in a change set", () => [changeSet(part("GET leads", undefined, 1))]],
    ["more than 1000 operations", () => Array.from({ length: 1001 }, () => part("GET WhoAmI"))],
  ])("refuses %s", async (_what, parts) => {
    expect((await send(parts())).status).toBe(400);
  });
});
