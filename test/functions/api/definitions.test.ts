import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTables } from "../../../sandbox/tables.ts";
import { Company } from "../../journeys/company.ts";
import { type Stack, startStack } from "../../support/stack.ts";

type Json = Record<string, unknown>;
const DEFINITIONS = new URL("../../../sandbox/definitions/", import.meta.url);
const KINDS = ["triggers", "surveys", "mails", "journeys"] as const;

const JOURNEY = {
  slug: "sample",
  name: "Sample",
  entry: { trigger: "support-case-status-updated" },
  start: "pause",
  steps: {
    pause: { kind: "wait", duration: "P1D", next: "tell" },
    tell: { kind: "email", mail: "survey-thanks", next: null },
  },
};
const MAIL = {
  slug: "sample",
  name: "Sample",
  fallback: "en",
  variants: { en: { subject: "Hello {{ audience.firstname }}", html: "<p>Hello</p>" } },
};

const TRIGGER = {
  kind: "record",
  slug: "sample",
  name: "Sample",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
};
const SURVEY = {
  slug: "sample",
  name: "Sample",
  fallback: "en",
  questions: [{ kind: "rating", id: "rate", options: [1, 2] }],
  variants: { en: { title: "Sample", questions: { rate: { text: "How?", options: { 1: "Bad" } } } } },
};

describe("definitions", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, to = stack) =>
    fetch(`${to.http.at.app}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const put = (path: string, body: unknown, etag?: string) =>
    send("PUT", path, body, etag === undefined ? {} : { "if-match": etag });
  const json = async (response: Response): Promise<Json> => (await response.json()) as Json;
  const etagOf = async (path: string): Promise<string> => (await send("GET", path)).headers.get("etag") ?? "";

  describe("drafts", () => {
    const path = "/api/mails/drafted";
    const mail = { ...MAIL, slug: "drafted" };

    it("a new one is saved without If-Match, and answers its ETag; another one over it is refused", async () => {
      const saved = await put(path, mail);
      expect(saved.status).toBe(200);
      expect(saved.headers.get("etag")).toBe(await etagOf(path));
      const again = await put(path, mail);
      expect(again.status).toBe(412);
      expect(await json(again)).toEqual({ problem: expect.stringContaining("read it again") });
    });

    it("of two that read the same draft the first one's is saved, the second is told so", async () => {
      const etag = await etagOf(path);
      expect((await put(path, { ...mail, name: "First" }, etag)).status).toBe(200);
      expect((await put(path, { ...mail, name: "Second" }, etag)).status).toBe(412);
      expect(await json(await send("GET", path))).toMatchObject({ document: { name: "First" }, published: null });
    });

    it("an ETag is one as HTTP writes it, and is taken as a proxy may have changed it", async () => {
      const etag = await etagOf(path);
      expect(etag).toMatch(/^"[A-Za-z0-9_-]+"$/);
      expect((await put(path, mail, `W/${etag}`)).status).toBe(200);
      expect((await put(path, mail, "*")).status).toBe(412);
      expect((await put(path, mail, "nonsense")).status).toBe(412);
    });

    it("an ETag for what does not exist saves nothing", async () => {
      expect((await put("/api/mails/nowhere", { ...MAIL, slug: "nowhere" }, await etagOf(path))).status).toBe(412);
      expect((await send("GET", "/api/mails/nowhere")).status).toBe(404);
    });
  });

  describe("revisions", () => {
    it("are counted, and never change when the draft does", async () => {
      const path = "/api/mails/revised";
      const mail = { ...MAIL, slug: "revised" };
      await put(path, mail);
      expect(await json(await send("POST", `${path}/publish`))).toEqual({ revision: 1 });
      await put(path, { ...mail, name: "Changed" }, await etagOf(path));
      expect(await json(await send("GET", `${path}?revision=1`))).toMatchObject({ document: { name: "Sample" } });
      expect(await json(await send("GET", path))).toMatchObject({ document: { name: "Changed" }, published: 1 });
      expect(await json(await send("POST", `${path}/publish`))).toEqual({ revision: 2 });
      expect(await json(await send("GET", `${path}?revision=1`))).toMatchObject({ document: { name: "Sample" } });
      const listed = (await (await send("GET", "/api/mails")).json()) as Json[];
      expect(listed).toContainEqual(expect.objectContaining({ slug: "revised", name: "Changed", published: 2 }));
    });

    it("of a journey pin the revisions of the mails and surveys that stand when it is published", async () => {
      const version = (await json(await send("GET", "/api/journeys/after-the-case?revision=1"))).document;
      expect(version).toMatchObject({
        version: 1,
        mails: { "case-survey": 1, "apology-discount": 1, "survey-thanks": 1 },
        surveys: { "after-the-case": 1 },
      });
    });
  });

  describe("what does not exist is answered 404", () => {
    it.each(KINDS)("among %s, whatever the address holds", async (kind) => {
      for (const slug of ["no-such-thing", "No%20Such", "%C3%A9t%C3%A9", "a~b", "..%2Fx", "x".repeat(600)]) {
        const answers = await Promise.all([
          send("GET", `/api/${kind}/${slug}`),
          send("GET", `/api/${kind}/${slug}?revision=1`),
          send("POST", `/api/${kind}/${slug}/publish`),
        ]);
        expect({ slug, statuses: answers.map(({ status }) => status) }).toEqual({ slug, statuses: [404, 404, 404] });
      }
      expect((await send("GET", `/api/${kind}/survey-thanks?revision=nonsense`)).status).toBe(404);
    });

    it("nor have gates, insights or runs of journeys that nobody made", async () => {
      const answers = await Promise.all([
        send("POST", "/api/journeys/no-such/gate", { state: "paused" }),
        send("GET", "/api/journeys/no-such/insights"),
        send("GET", "/api/journeys/No%20Such/insights"),
        send("GET", "/api/runs/contact:x~y"),
        send("POST", "/api/runs/contact:x~y/commands", { kind: "stop" }),
        send("POST", "/api/runs/%3Cb%3E/commands", { kind: "stop" }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    });
  });

  describe("what does not fit its schema is refused when it is saved, with the place", () => {
    const step = (more: Json) => ({
      ...JOURNEY,
      steps: { ...JOURNEY.steps, pause: { ...JOURNEY.steps.pause, ...more } },
    });
    it.each([
      ["no JSON", "journeys", "{", "body"],
      ["no body", "journeys", "", "body"],
      ["another slug than the address", "journeys", { ...JOURNEY, slug: "other" }, "slug"],
      ["a slug that is none", "mails", { ...MAIL, slug: "Not A Slug" }, "slug"],
      ["no steps", "journeys", { ...JOURNEY, steps: undefined }, "steps"],
      ["a duration that is none", "journeys", step({ duration: "a day" }), "steps.pause.duration"],
      ["a kind of step that is none", "journeys", step({ kind: "dance" }), "steps.pause.kind"],
      ["a property that nobody knows", "journeys", step({ colour: "red" }), "steps.pause"],
      [
        "a time zone that is none",
        "journeys",
        { ...JOURNEY, settings: { timeZone: "Mars/Olympus" } },
        "settings.timeZone",
      ],
      [
        "a field that is none",
        "journeys",
        { ...JOURNEY, entry: { ...JOURNEY.entry, filter: compare("status") } },
        "entry.filter.field",
      ],
      ["a fallback without texts", "mails", { ...MAIL, fallback: "fr" }, "fallback"],
      ["a trigger without audience", "triggers", { ...TRIGGER, audience: [] }, "audience"],
      ["a column that is none", "triggers", { ...TRIGGER, updated: { columns: ["Status Code"] } }, "updated.columns.0"],
      ["a rating without a label", "surveys", SURVEY, "variants.en.questions.rate.options"],
    ])("%s", async (_what, kind, document, at) => {
      const refused = await put(`/api/${kind}/sample`, document);
      expect(refused.status).toBe(400);
      const { problems } = (await json(refused)) as { problems: { at: string; problem: string }[] };
      expect(problems).toContainEqual({ at, problem: expect.stringMatching(/./) });
    });
  });

  describe("what can't work is refused when it is published, with the place", () => {
    const journey = (steps: Json, more: Json = {}) => ({ ...JOURNEY, steps: { ...JOURNEY.steps, ...steps }, ...more });
    it.each([
      ["a start that is no step", journey({}, { start: "nowhere" }), "start", "nowhere"],
      [
        "an exit that leads nowhere",
        journey({ tell: { kind: "email", mail: "survey-thanks", next: "gone" } }),
        "steps.tell.next",
        "gone",
      ],
      ["a step that nothing leads to", journey({ lonely: { kind: "exit", reason: "none" } }), "steps.lonely", "no way"],
      [
        "a loop without a wait",
        journey({
          pause: { kind: "email", mail: "survey-thanks", next: "tell" },
          tell: { kind: "email", mail: "survey-thanks", next: "pause" },
        }),
        "steps.pause",
        "loop",
      ],
      ["a trigger that is not published", journey({}, { entry: { trigger: "unheard-of" } }), "triggers", "unheard-of"],
      [
        "a mail that is not published",
        journey({ tell: { kind: "email", mail: "unwritten", next: null } }),
        "steps.tell.mail",
        "unwritten",
      ],
      [
        "a survey that is not published",
        journey({
          tell: { kind: "survey", survey: "unasked", mail: "survey-thanks", answered: null, unanswered: null },
        }),
        "steps.tell.survey",
        "unasked",
      ],
      [
        "the answer of a step that asks nothing",
        journey({
          tell: {
            kind: "branch",
            arms: [{ name: "a", when: compare("survey.pause.rate"), next: null }],
            otherwise: null,
          },
        }),
        "survey.pause.rate",
        "no survey step",
      ],
      [
        "a goal that asks what the event does not bring",
        journey({}, { goals: [{ name: "won", trigger: "order-created", condition: compare("record.name") }] }),
        'ending "won"',
        "record.name",
      ],
    ])("%s", async (_what, document, at, says) => {
      const slug = "unpublishable";
      const path = `/api/journeys/${slug}`;
      const etag = await etagOf(path);
      expect((await put(path, { ...document, slug }, etag === "" ? undefined : etag)).status).toBe(200);
      const refused = await send("POST", `${path}/publish`);
      expect(refused.status).toBe(400);
      const { problems } = (await json(refused)) as { problems: { at: string; problem: string }[] };
      expect(problems).toContainEqual({ at, problem: expect.stringContaining(says) });
      expect(await json(await send("GET", path))).toMatchObject({ published: null });
    });

    it("a template that is wrong, with its language", async () => {
      const variants = { ...MAIL.variants, fr: { subject: "Bonjour {{ audience.firstname", html: "<p></p>" } };
      await put("/api/mails/wrong", { ...MAIL, slug: "wrong", variants });
      const refused = await send("POST", "/api/mails/wrong/publish");
      expect(refused.status).toBe(400);
      expect(await json(refused)).toEqual({ problems: [{ at: "variants.fr", problem: expect.stringMatching(/./) }] });
    });
  });

  it("what one environment exports another imports unchanged: no id, no address, nothing of its own", async () => {
    const empty = await startStack();
    try {
      await createTables(empty.http);
      for (const kind of KINDS)
        for (const file of readdirSync(new URL(`${kind}/`, DEFINITIONS))) {
          const { slug } = JSON.parse(readFileSync(new URL(`${kind}/${file}`, DEFINITIONS), "utf8"));
          const path = `/api/${kind}/${slug}`;
          const exported = (await json(await send("GET", path))).document;
          expect(JSON.stringify(exported)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|https?:\/\/(localhost|127)|etag/i);
          expect((await send("PUT", path, exported, {}, empty)).status).toBe(200);
          expect((await send("POST", `${path}/publish`, undefined, {}, empty)).status).toBe(200);
          expect((await json(await send("GET", path, undefined, {}, empty))).document).toEqual(exported);
          const [there, here] = await Promise.all(
            [stack, empty].map(
              async (one) => (await json(await send("GET", `${path}?revision=1`, undefined, {}, one))).document,
            ),
          );
          expect({ ...(here as Json), publishedAt: null }).toEqual({ ...(there as Json), publishedAt: null });
        }
    } finally {
      await empty.stop();
    }
  });
});

function compare(field: string): Json {
  return { kind: "compare", field, op: "eq", value: 1 };
}
