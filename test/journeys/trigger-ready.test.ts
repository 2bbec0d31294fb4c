import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const TRIGGER = {
  kind: "record",
  slug: "checked",
  name: "Checked",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
  created: true,
};
const LABEL = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });

describe("Ready to use", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const send = async (method: string, path: string, body?: unknown) => {
    const etag = method === "PUT" ? (await fetch(`${stack.http.at.app}${path}`)).headers.get("etag") : null;
    const response = await fetch(`${stack.http.at.app}${path}`, {
      method,
      headers: etag === null ? {} : { "if-match": etag },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse((await response.text()) || "{}") as Record<string, unknown> };
  };

  const attempt = async (change: object) => {
    await send("PUT", "/api/triggers/checked", { ...TRIGGER, ...change });
    return send("POST", "/api/triggers/checked/publish");
  };
  const asking = (field: string, op: string, value?: unknown) => ({
    condition: { kind: "all", of: [{ kind: "compare", field, op, ...(value === undefined ? {} : { value }) }] },
  });

  const counting = (more: object) => ({
    condition: { kind: "has-no", table: "incident", lookup: "customerid", ...more },
  });

  it("is refused with the place and a way out", async () => {
    const refused: [object, string, string][] = [
      [{ table: "incidents" }, "table", 'did you mean "incident"'],
      [{ audience: [{ column: "ownerid", table: "contact" }] }, "audience.0.column", "choose a lookup to contact"],
      [{ audience: [{ column: "customerid", table: "lead" }] }, "audience.0.table", "choose"],
      [{ audience: [{ column: "title", table: "contact" }] }, "audience.0.column", "is no lookup"],
      [{ audience: [{ column: "self", table: "contact" }] }, "audience.0.column", "is no contact"],
      [{ updated: { columns: ["statecod"] } }, "updated.columns.0", 'did you mean "statecode"'],
      [asking("event.statecode", "eq", 7), "condition.of.0.value", "none of its options"],
      [asking("event.statecode", "contains", "x"), "condition.of.0.op", "can't be asked of statecode"],
      [asking("event.title", "eq", 3), "condition.of.0.value", "holds text"],
      [asking("event.isescalated", "eq", "yes"), "condition.of.0.value", "true or false"],
      [asking("event.createdon", "within-last", "P7D"), "", ""],
      [asking("record.title", "eq", "x"), "condition.of.0.field", "ask event.…"],
      [asking("audience.firstname", "eq", "Anna"), "", ""],
      [asking("audience.surname", "eq", "Anna"), "condition.of.0.field", "contact has no column"],
      [asking("related.ownerid.fullname", "eq", 3), "condition.of.0.value", "holds text"],
      [counting({}), "", ""],
      [counting({ table: "incidents" }), "condition.table", 'did you mean "incident"'],
      [counting({ lookup: "ownerid" }), "condition.lookup", "choose one that leads to contact"],
      [
        counting({ where: [{ column: "statecode", op: "eq", value: 9 }] }),
        "condition.where.0.value",
        "none of its options",
      ],
      [{ created: false }, "updated", "listens to nothing"],
    ];
    for (const [change, at, problem] of refused) {
      const { status, body } = await attempt(change);
      if (at === "") expect(status).toBe(200);
      else
        expect({ status, body }).toEqual({
          status: 400,
          body: { problems: [{ at, problem: expect.stringContaining(problem) }] },
        });
    }
  });

  it("of a trigger that asks rows lets it fire for the customer's last open case alone", async () => {
    const open = { column: "statecode", op: "eq", value: 0 };
    const { created: _created, ...trigger } = TRIGGER;
    const updated = { columns: ["statecode"] };
    const of = [
      { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
      { kind: "has-no", table: "incident", lookup: "customerid", where: [open] },
    ];
    await send("PUT", "/api/triggers/last", { ...trigger, slug: "last", updated, condition: { kind: "all", of } });
    expect(await send("POST", "/api/triggers/last/publish")).toMatchObject({ status: 200 });
    const anna = await company.person("Anna");
    const [one, other] = [await company.openCase(anna.id), await company.openCase(anna.id)];
    const told = async (record: string) => {
      await company.quiet();
      const decisions = await company.http.api<{ kind: string; trigger?: string }[]>(
        "GET",
        `/api/decisions?about=incident:${record}`,
      );
      return decisions.filter(({ kind, trigger: slug }) => kind === "rows" && slug === "last");
    };
    await company.http.advance("PT1M");
    await company.http.resolve(one);
    expect(await told(one)).toMatchObject([{ outcome: "not-fired", failed: { op: "has-no", seen: 1 } }]);
    await company.http.resolve(other);
    expect(await told(other)).toMatchObject([{ outcome: "fired", failed: null }]);
  });

  it("a draft that is wrong is saved all the same, and says what is wrong", async () => {
    const saved = await send("PUT", "/api/triggers/checked", { ...TRIGGER, updated: { columns: ["gone"] } });
    expect(saved).toMatchObject({ status: 200, body: { problems: [{ at: "updated.columns.0" }] } });
    const right = await send("PUT", "/api/triggers/checked", TRIGGER);
    expect(right).toMatchObject({ status: 200, body: { problems: [] } });
  });

  describe("finds what changed in the organisation since the page was opened", () => {
    const columns = "EntityDefinitions(LogicalName='ab_demande')/Attributes";
    const head = { SchemaName: "ab_canal", DisplayName: LABEL("Channel") };
    const remove = () => fetch(`${stack.http.at.dataverse}/${columns}(LogicalName='ab_canal')`, { method: "DELETE" });
    const text = () =>
      company.http.post(columns, {
        "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
        ...{ ...head, MaxLength: 20, FormatName: { Value: "Text" } },
      });
    const choice = (...values: number[]) =>
      company.http.post(columns, {
        "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
        ...head,
        OptionSet: {
          ...{ IsGlobal: false, OptionSetType: "Picklist" },
          Options: values.map((Value) => ({ Value, Label: LABEL(`Way ${Value}`) })),
        },
      });
    const publish = (value: unknown) =>
      attempt({
        table: "ab_demande",
        audience: [{ column: "ab_demandeurid", table: "contact" }],
        ...asking("event.ab_canal", "eq", value),
      });
    const refused = (at: string, problem: string) => ({
      status: 400,
      body: { problems: [{ at, problem: expect.stringContaining(problem) }] },
    });

    it("a column that is new, and one that is gone", async () => {
      await text();
      expect((await publish("web")).status).toBe(200);
      await remove();
      expect(await publish("web")).toEqual(refused("condition.of.0.field", "(any more)"));
    });

    it("a column of another type, and an option that is gone", async () => {
      await text();
      expect((await publish("web")).status).toBe(200);
      await remove();
      await choice(1, 2);
      expect(await publish("web")).toEqual(refused("condition.of.0.value", "choose one of 1 Way 1, 2 Way 2"));
      expect((await publish(2)).status).toBe(200);
      await remove();
      await choice(1);
      expect(await publish(2)).toEqual(refused("condition.of.0.value", "none of its options (any more)"));
    });
  });

  it("while Dataverse can't be asked a draft is saved unchecked, and nothing becomes ready", async () => {
    await stack.http.control("/faults", { dataverse: { down: true } });
    const saved = await send("PUT", "/api/triggers/checked", { ...TRIGGER, updated: { columns: ["unknown"] } });
    const published = await send("POST", "/api/triggers/checked/publish");
    await stack.http.control("/faults", { dataverse: null });
    expect(saved).toEqual({ status: 200, body: { etag: expect.any(String) } });
    expect(published.status).toBe(503);
  });
});
