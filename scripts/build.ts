import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { build, type Metafile, type Plugin } from "esbuild";

/**
 * A folder that the Functions host runs as it is, without a remote build: one bundle with its source map, host.json,
 * and a package.json that names the bundle. `@azure/functions-core` is the worker's own.
 */
const USAGE = `Usage: npm run build -- [--out DIR] [--durable azure-storage|durable-task-scheduler]

  --out      the folder to make; dist/app by default
  --durable  what keeps the orchestrations; PARCOURS_DURABLE, or azure-storage, by default`;

const PROVIDERS = ["azure-storage", "durable-task-scheduler"];
/** The package has to stay small: it is what a cold start reads. */
const BUDGET_MB = 6;

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "dist/app" },
    durable: { type: "string", default: process.env.PARCOURS_DURABLE || "azure-storage" },
  },
});
const { out, durable } = values;
if (!PROVIDERS.includes(durable)) {
  console.error(`"${durable}" is no durable provider.\n\n${USAGE}`);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const { metafile } = await build({
  entryPoints: ["functions/index.ts"],
  outfile: `${out}/index.mjs`,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  // The modules of a package, where it has them: what nobody imports is left out.
  mainFields: ["module", "main"],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  external: ["@azure/functions-core"],
  metafile: true,
  plugins: [oneLocale(), oneValidator()],
  // Bundled CommonJS asks for these; an ES module has none.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __toPath } from "node:url"; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __toPath(new URL(".", import.meta.url));',
  },
});

/** Packages whose modules are required by others: those take each export by its name, so that either form will do. */
const REQUIRED_MODULES = ["@opentelemetry/api", "tslib", "uuid"];
const strange = requiredModules(metafile).filter((name) => !REQUIRED_MODULES.includes(name));
if (strange.length > 0) {
  console.error(
    `${strange.join(", ")}: required, but bundled as modules. Does whoever requires them use a default export?`,
  );
  process.exit(1);
}

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
write("package.json", { name: "parcours", version, private: true, type: "module", main: "index.mjs" });
write("host.json", hostJson());

for (const file of ["index.mjs", "index.mjs.map", "host.json", "package.json"])
  console.log(`${(statSync(`${out}/${file}`).size / 1024).toFixed(0).padStart(7)} KB  ${out}/${file}`);
const size = statSync(`${out}/index.mjs`).size / 1024 / 1024;
if (size > BUDGET_MB) {
  console.error(
    `The bundle has ${size.toFixed(1)} MB; its budget is ${BUDGET_MB} MB. What came in, and is it worth it?`,
  );
  process.exit(1);
}

/** zod brings its messages in fifty languages along; ours are English, and the pages have their own words. */
function oneLocale(): Plugin {
  const contents = 'export { default as en } from "./en.js";';
  return {
    name: "one locale",
    setup: (within) => within.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents })),
  };
}

/** durable-functions asks for one of validator's hundred functions, and all would be loaded at each start. */
function oneValidator(): Plugin {
  const contents = 'exports.isURL = require("./lib/isURL");';
  return {
    name: "one validator",
    setup: (within) =>
      within.onLoad({ filter: /node_modules\/validator\/index\.js$/ }, ({ path }) => ({
        contents,
        resolveDir: dirname(path),
      })),
  };
}

function requiredModules({ inputs }: Metafile): string[] {
  const paths = Object.values(inputs).flatMap(({ imports }) =>
    imports.filter(({ kind, path }) => kind === "require-call" && inputs[path]?.format === "esm"),
  );
  const names = paths.map(
    ({ path }) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1] ?? path,
  );
  return [...new Set(names)];
}

/** The scheduler is chosen in the package, not by a setting: what scales the app reads this file and no setting. */
function hostJson(): unknown {
  const host = JSON.parse(readFileSync("host.json", "utf8")) as { extensions: { durableTask: object } };
  if (durable === "durable-task-scheduler")
    Object.assign(host.extensions.durableTask, {
      hubName: "%DURABLE_TASK_HUB%",
      storageProvider: { type: "azureManaged", connectionStringName: "DURABLE_TASK_SCHEDULER" },
    });
  return host;
}

function write(name: string, value: unknown): void {
  writeFileSync(`${out}/${name}`, `${JSON.stringify(value, null, 2)}\n`);
}
