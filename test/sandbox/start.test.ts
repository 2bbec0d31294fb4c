import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client } from "../../sandbox/client.ts";
import { Place, type Started, someBase } from "./started.ts";

const CTRL_C = "Ctrl-C";
/** `  3  Mon 16 Nov, 08:00  …`: one of the story's eight lines. */
const LINE = /^ {2}(\d) {2}\S.*\d\d:\d\d {2}(.+)$/;

describe("npm start", () => {
  const place = new Place();
  afterAll(() => place.close());

  it("--once tells Camille's story in French, eight lines that end at the goal, and exits with 0", async () => {
    const started = await place.start("--once", "--lang", "fr");
    expect(await started.ended()).toBe(0);
    const story = toldBy(started);
    expect(story).toHaveLength(8);
    expect(story[3]).toBe("Camille répond : très insatisfaite.");
    expect(story[7]).toMatch(
      /objectif atteint : commande CMD-1042 {2}http:\/\/localhost:\d+\/runs\/contact%3Ac0000000-\S+$/,
    );
    expect(place.has("sandbox.json")).toBe(false);
  });

  describe("a second start", () => {
    let started: Started;
    let client: Client;
    beforeAll(async () => {
      started = await place.start("--lang", "en");
      await started.until(CTRL_C);
      client = started.client();
    });
    afterAll(() => started.stop("SIGKILL"));

    it("goes on where the first stopped: the story is told again in English, and nothing happens twice", async () => {
      expect(started.said).toMatch(/goes on where it stopped: Thu \d+ \w+, 08:0\d/);
      const story = toldBy(started);
      expect(story).toHaveLength(8);
      expect(story[7]).toContain("goal reached: order CMD-1042");
      expect(await count(client, "salesorders?$filter=ordernumber eq 'CMD-1042'")).toBe(1);
      expect(await client.api("GET", "/api/discount-pools/apology-10")).toEqual({ free: 3 });
    });

    it("ends with three links, and says that no mail leaves the machine", () => {
      const { app, communication, dataverse } = client.at;
      for (const link of [`${app}/`, `${communication}/`, `${new URL(dataverse).origin}/`])
        expect(started.lines.filter((line) => line.endsWith(` ${link}`))).toHaveLength(1);
      expect(started.said).toContain("No mail can leave this machine");
    });

    it("stands on a company that has lived sixty days", async () => {
      const tables = { contacts: 24, accounts: 4, incidents: 60, salesorders: 13, leads: 8, contracts: 5 };
      for (const [table, rows] of Object.entries({ ...tables, ab_demandes: 10 }))
        expect([table, await count(client, table)]).toEqual([table, rows]);
      const { totals } = await client.api<{ totals: Record<string, number> }>(
        "GET",
        "/api/journeys/after-the-case/insights",
      );
      expect(totals).toMatchObject({ "journey~entered": 57, "code~drew": 17, "time-to-order~goal": 9, "ask~exit": 1 });
      const held = await client.api<{ runs: unknown[] }>("GET", "/api/runs?journey=contract-in-force&state=held");
      expect(held.runs).toHaveLength(1);
    });

    it("the cards' commands do what they say: Oliver answers, Jeanne's time runs out, Hugo's reason is there", async () => {
      await client.resolve(/incidents\(([^)]+)\)/.exec(started.said)?.[1] ?? "");
      await client.advance("PT0S");
      const mails = await client.mails("oliver.hughes@example.com");
      const survey = /http:\/\/localhost:\d+\/survey\/[A-Za-z0-9._-]*/.exec(mails.at(-1)?.text ?? "")?.[0] ?? "";
      expect((await client.answerSurvey(survey, { satisfaction: "1" })).status).toBe(200);
      await client.advance("PT0S");
      expect((await client.mails("oliver.hughes@example.com")).at(-1)?.subject).toBe("We are sorry, Oliver");

      const jeanne = started.lines.find((line) => line.includes("her two cases:")) ?? "";
      const runs = [...jeanne.matchAll(/\/runs\/(\S+)/g)].map(([, run]) => run);
      expect(runs).toHaveLength(2);
      const state = () => Promise.all(runs.map((run) => client.api<Shown>("GET", `/api/runs/${run}`)));
      expect((await state()).map(({ row }) => row.bucket)).toEqual(["live", "live"]);
      await client.advance("P7D");
      expect((await state()).map(({ row }) => row.bucket)).toEqual(["completed", "completed"]);

      const why = started.lines.find((line) => line.includes("his run says it")) ?? "";
      const hugo = await client.api<Shown>("GET", `/api/runs/${/\/runs\/(\S+)/.exec(why)?.[1]}`);
      expect(hugo.facts).toContainEqual(expect.objectContaining({ kind: "suppressed", detail: "no-consent" }));
      expect(await client.mails("hugo.marchand@example.com")).toEqual([]);
    });

    it("a survey of the sixty days, on other ports and under another key, still opens", async () => {
      const [, mail] = await client.mails("jeanne.roussel@example.com");
      const link = /http:\/\/localhost:7071(\/survey\/[A-Za-z0-9._-]+)/.exec(mail?.html ?? "")?.[1];
      expect((await fetch(`${client.at.app}${link}`)).status).toBe(200);
    });

    it("refuses to run twice on one state", async () => {
      const second = await place.start("--lang", "en");
      expect(await second.ended()).toBe(1);
      expect(second.said).toContain(`A sandbox is running here already: ${client.at.app}`);
    });

    it("ends in order at Ctrl-C; after a kill -9 the next one starts too", async () => {
      await started.stop("SIGKILL");
      const third = await place.start("--lang", "en");
      await third.until(CTRL_C);
      expect(toldBy(third)).toHaveLength(8);
      expect(await third.stop("SIGINT")).toBe(0);
      expect(place.has("sandbox.json")).toBe(false);
    });
  });

  it("--reset starts over: the story is told for the first time again", async () => {
    const started = await place.start("--once", "--reset", "--lang", "en");
    expect(await started.ended()).toBe(0);
    expect(started.said).toContain("sixty days of history");
    expect(started.said).toContain("Camille's story, in virtual time:");
  });

  it("a story that was cut off by a kill -9 goes on at the next start, and nothing in it happens twice", async () => {
    const first = await place.start("--reset", "--lang", "en");
    await first.until("Camille answers: very dissatisfied.");
    await first.stop("SIGKILL");
    const second = await place.start("--lang", "en");
    await second.until(CTRL_C);
    expect(toldBy(second)).toHaveLength(8);
    expect(await second.client().api("GET", "/api/discount-pools/apology-10")).toEqual({ free: 3 });
    const mails = await second.client().mails("camille.lefevre@example.com");
    expect(mails.filter(({ subject }) => subject.startsWith("Toutes nos excuses"))).toHaveLength(1);
    await second.stop();
  });

  it("--empty starts bare, on a state of its own", async () => {
    const started = await place.start("--empty", "--lang", "en");
    await started.until(CTRL_C);
    const client = started.client();
    expect(await client.api("GET", "/api/health")).toEqual({ status: "up" });
    expect(await count(client, "incidents")).toBe(0);
    expect(await client.api("GET", "/api/journeys")).toEqual([]);
    expect(await started.stop()).toBe(0);
    expect(place.has("company")).toBe(true);
  });

  it("names a port that is taken and says what to do", async () => {
    const base = await someBase();
    const other = createServer().listen(base + 1, "127.0.0.1");
    await once(other, "listening");
    const started = await place.start("--once", "--lang", "en", "--port-base", String(base));
    expect(await started.ended()).toBe(1);
    expect(started.said).toContain(`Port ${base + 1} is taken by another program.`);
    expect(started.said).toMatch(/npm start -- --port-base \d+/);
    other.close();
  });

  it("says what is wrong with an option", async () => {
    const started = await place.start("--lang", "de");
    expect(await started.ended()).toBe(1);
    expect(started.said).toContain("--lang takes fr or en");
  });
});

interface Shown {
  readonly row: { readonly bucket: string };
  readonly facts: readonly { readonly kind: string; readonly detail: string | null }[];
}

function toldBy(started: Started): string[] {
  return started.lines.flatMap((line) => LINE.exec(line)?.[2] ?? []);
}

async function count(client: Client, path: string): Promise<number> {
  const { value } = await client.read(path);
  return (value as unknown[]).length;
}
