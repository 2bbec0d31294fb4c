import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * A folder that the Functions host runs as it is, without a remote build: one bundle with its source map, host.json,
 * and a package.json that names the bundle. `@azure/functions-core` is the worker's own.
 */
const OUT = "dist/app";
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

await build({
  entryPoints: ["functions/index.ts"],
  outfile: `${OUT}/index.mjs`,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minify: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  external: ["@azure/functions-core"],
  // Bundled CommonJS asks for these; an ES module has none.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __toPath } from "node:url"; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __toPath(new URL(".", import.meta.url));',
  },
});

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const main = { name: "parcours", version, private: true, type: "module", main: "index.mjs" };
writeFileSync(`${OUT}/package.json`, `${JSON.stringify(main, null, 2)}\n`);
copyFileSync("host.json", `${OUT}/host.json`);

for (const file of ["index.mjs", "index.mjs.map", "host.json", "package.json"])
  console.log(`${(statSync(`${OUT}/${file}`).size / 1024).toFixed(0).padStart(7)} KB  ${OUT}/${file}`);
