import { beforeAll, describe, expect, it } from "@jest/globals";
import { redacted } from "../../shared/adapters/open-telemetry/redact.ts";
import { declaredEndpoints } from "../functions/api/declared.ts";
import { at, resourcesOf, SETS } from "./snapshots.ts";

/** What transformations know of Kusto's functions, as far as it is used: there is no replacing among it. */
const KNOWN = ["iif", "extract", "strcat", "tostring", "parse_json"];
/** Columns by table, in which the host or the app writes what it was asked or what was said. */
const COLUMNS: Record<string, readonly string[]> = {
  AppRequests: ["Name", "OperationName", "Url", "Properties"],
  AppDependencies: ["Name", "OperationName", "Data", "Properties"],
  AppTraces: ["OperationName", "Message", "Properties"],
  AppExceptions: ["OperationName", "OuterMessage", "InnermostMessage", "Properties", "Details"],
};

const rulesOf = (set: string) => resourcesOf(set, "Microsoft.Insights/dataCollectionRules");

/** The pattern of a transformation, as JavaScript reads it, and what it keeps of a text. */
function kept(text: string): string {
  const [flow] = at(rulesOf("default")[0]?.properties, "dataFlows") as { transformKql: string }[];
  const [, flags = "", pattern = ""] = /@'\(\?([is]+)\)([^']+)'/.exec(flow?.transformKql ?? "") ?? [];
  const found = new RegExp(pattern, flags).exec(text);
  return found === null ? text : `${found[1]}...`;
}

describe("telemetry", () => {
  let withTokens: readonly string[];
  beforeAll(async () => {
    withTokens = (await declaredEndpoints()).map(({ route }) => route).filter((route) => route.includes("{token}"));
  });

  it.each(SETS)("goes through a guard before it is kept, in `%s`", (set) => {
    const [rule] = rulesOf(set);
    const workspaces = resourcesOf(set, "Microsoft.OperationalInsights/workspaces");
    expect(rule?.kind).toBe("WorkspaceTransforms");
    expect(workspaces.at(-1)?.properties).toMatchObject({ defaultDataCollectionRuleResourceId: rule?.id });
    for (const { id } of workspaces)
      expect(at(rule?.properties, "destinations", "logAnalytics", "0", "workspaceResourceId")).toBe(id);
    const flows = at(rule?.properties, "dataFlows") as { streams: string[]; transformKql: string }[];
    const columns = flows.map(({ streams, transformKql }) => [
      streams.join().replace("Microsoft-Table-", ""),
      [...transformKql.matchAll(/(\w+) = iif\(/g)].map(([, column]) => column),
    ]);
    expect(Object.fromEntries(columns)).toEqual(COLUMNS);
  });

  it("is guarded with functions that transformations have, and by one pattern", () => {
    const flows = at(rulesOf("default")[0]?.properties, "dataFlows") as { transformKql: string }[];
    const words = flows.map(({ transformKql }) => transformKql.replaceAll(/@'[^']*'/g, "@''"));
    const functions = words.flatMap((text) => [...text.matchAll(/(\w+)\(/g)].map(([, name]) => name));
    expect([...new Set(functions)].sort()).toEqual([...KNOWN].sort());
    const patterns = flows.flatMap(({ transformKql }) => transformKql.match(/@'[^']*'/g));
    expect(new Set(patterns).size).toBe(1);
  });

  it("keeps no token of a page's path, whichever page it is", () => {
    expect(withTokens).toEqual(expect.arrayContaining(["survey/{token}", "unsubscribe/{token}"]));
    for (const route of withTokens) {
      const asked = `https://journeys.example.com/${route.replace("{token}", "k1.c2VuZA.sig")}?again=1`;
      expect(kept(asked)).toBe(`https://journeys.example.com/${route.replace("{token}", "...")}`);
      expect(kept(`GET\n/${route.replace("{token}", "k1.c2VuZA.sig")}`.toUpperCase())).not.toContain("C2VUZA");
      expect(redacted(asked)).not.toContain("c2VuZA");
    }
  });

  it("keeps no key of a query, and all the rest as it is", () => {
    expect(kept("https://a/api/dataverse/webhook?x=1&code=s3cret")).toBe(
      "https://a/api/dataverse/webhook?x=1&code=...",
    );
    for (const text of [
      "POST /api/dataverse/webhook",
      "https://a/api/surveys/nps",
      "survey answered",
      "Executed 'survey'",
    ])
      expect(kept(text)).toBe(text);
  });
});
