import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs jest with native ES modules, and closes with one plain line that any CI can read. */
const folder = mkdtempSync(join(tmpdir(), "parcours-tests-"));
const results = join(folder, "results.json");
const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
const jest = ["node_modules/jest/bin/jest.js", "--json", "--outputFile", results, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [...flags, ...jest], { stdio: ["inherit", "ignore", "inherit"] });
console.log(`\n${closingLine()}`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;

function closingLine(): string {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, "utf8"));
    return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
  } catch {
    return "0 passed, 1 failed"; // jest itself did not get to its end
  }
}
