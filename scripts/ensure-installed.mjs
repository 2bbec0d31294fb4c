// Runs before `npm start` and `npm test`, with whatever Node there is and no dependency: installs them where they are
// missing or no longer fit the lockfile. The dependency `node` brings the Node that all else runs on.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STAMP = "node_modules/.installed";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const installed = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";

if (installed !== wanted) {
  console.log("Installing the dependencies (once; a minute or two) …");
  const began = Date.now();
  // Not `npm ci`: that refuses a lockfile without the packages of other operating systems, which some registries lack.
  execFileSync("npm", ["install", "--no-save", "--no-fund", "--no-audit", "--loglevel=error"], { stdio: "inherit" });
  writeFileSync(STAMP, wanted);
  console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}
