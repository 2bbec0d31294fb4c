import { globSync, readFileSync } from "node:fs";

/** Time and chance come through their port (rule 18): what asks the system elsewhere fails the lint. */
const ASKS = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\bprocess\.hrtime\b/;
const ADAPTER = "shared/adapters/system/clock.ts";

const wrong = globSync(["functions/**/*.ts", "shared/**/*.ts"])
  .filter((file) => file !== ADAPTER)
  .flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, at) => (ASKS.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );

if (wrong.length > 0) {
  console.error("The system's clock or chance outside its adapter; take them through ports/clock.ts:");
  for (const line of wrong) console.error(`  ${line}`);
  process.exit(1);
}
