import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { writeVariables } from "./azd-variables.ts";
import { findBicep } from "./bicep.ts";

/**
 * After a change of infra/ or of the settings: tells azd of new settings, and writes anew what the templates resolve to,
 * for each parameter set of the tests. Look at the difference.
 */
writeVariables();
const bicep = findBicep();
if (bicep === undefined) {
  console.error("There is no Bicep CLI here, nor a dotnet to get it with.");
  process.exit(1);
}
for (const set of globSync("test/fixtures/infra/*.bicepparam").sort()) {
  const place = [
    "--subscription-id=11111111-1111-1111-1111-111111111111",
    "--tenant-id=22222222-2222-2222-2222-222222222222",
    "--location=westeurope",
    "--deployment-name=parcours",
  ];
  execFileSync(bicep, ["snapshot", set, "--mode", "overwrite", ...place], { stdio: "inherit" });
  inOrder(set.replace(/\.bicepparam$/, ".snapshot.json"));
  console.log(set);
}

/** The CLI writes outputs in any order: sorted, only what changed differs. */
function inOrder(file: string): void {
  const snapshot = JSON.parse(readFileSync(file, "utf8")) as { outputs: Record<string, unknown> };
  const outputs = Object.fromEntries(Object.entries(snapshot.outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...snapshot, outputs }, null, 2)}\n`);
}
