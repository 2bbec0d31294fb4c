import { globSync, readFileSync } from "node:fs";

/** What neither the linter nor the rules of import arrows can see, as text. */
interface Rule {
  readonly what: string;
  readonly files: readonly string[];
  readonly except: RegExp;
  readonly wrong: RegExp;
}

const RULES: readonly Rule[] = [
  {
    // Rule 18: time and chance come through their port.
    what: "the system's clock or chance outside its adapter; take them through ports/clock.ts",
    files: ["functions/**/*.ts", "shared/**/*.ts"],
    // Snippets hold the text of programs that customers run elsewhere.
    except: /^shared\/(adapters\/system\/clock\.ts$|domain\/snippets\/)/,
    wrong: /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\bprocess\.hrtime\b/g,
  },
  {
    what: "an adapter that takes more than types and words from the domain",
    files: ["shared/adapters/**/*.ts"],
    except: /^$/,
    wrong: /^import (?!type\b)[^;]*?from "(?:\.\.\/)+domain\/(?!(?:value|metadata)\.ts)[^"]*"/gm,
  },
];

const found = RULES.flatMap(({ what, files, except, wrong }) =>
  globSync([...files])
    .filter((file) => !except.test(file))
    .flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const lines = [...text.matchAll(wrong)].map((match) => text.slice(0, match.index).split("\n").length);
      return lines.map((line) => `${file}:${line}: ${what}`);
    }),
);

for (const line of found) console.error(line);
if (found.length > 0) process.exit(1);
