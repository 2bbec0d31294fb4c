import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * What Parcours costs a month, from the two tables of docs/cost.md. Prints the figures; `--write` puts them into the
 * page.
 */
const PAGE = fileURLToPath(new URL("../docs/cost.md", import.meta.url));
export const VOLUMES = [10_000, 1_000_000, 100_000_000];

const MONTH_S = 730 * 3_600;
const MILLION = 1_000_000;

/** A number out of a row `| name | number | … |`. @throws where the page has no such row */
type Numbers = (name: string) => number;

interface Line {
  readonly what: string;
  readonly how: string;
  readonly cost: number;
}

export function numbersOf(page: string): Numbers {
  const rows = new Map(
    [...page.matchAll(/^\| `([a-z0-9-]+)` \| ([\d.]+) \|/gm)].map(([, name, value]) => [name, value]),
  );
  return (name) => {
    const value = Number(rows.get(name));
    if (!Number.isFinite(value)) throw new Error(`docs/cost.md has no number called ${name}`);
    return value;
  };
}

/** Seconds that instances of one kind work, if every execution has a second of its own until one is never idle. */
function instanceSeconds(executions: number, of: Numbers): number {
  return Math.max(Math.min(executions, MONTH_S), executions * of("overlapping-s"));
}

function linesOf(changes: number, of: Numbers): Line[] {
  const runs = changes * of("enters");
  const mails = runs * of("mails");
  const kinds = [
    changes,
    changes,
    changes * of("fires") + runs * 2,
    runs * of("activities") * 2,
    mails * of("grid-events"),
  ];
  const executions = kinds.reduce((sum, one) => sum + one, of("timers"));
  const seconds = kinds.reduce((sum, one) => sum + instanceSeconds(one, of), of("timers"));
  const gbSeconds = seconds * of("memory-gb");
  const ready = of("always-ready-instances") * of("memory-gb") * MONTH_S;
  const messages = changes * (1 + of("fires")) + runs * of("messages");
  const tables = changes * of("change-operations") + runs * of("run-operations");
  const kept = ((changes * of("change-kb") + runs * of("run-kb")) * of("kept-months")) / MILLION;
  const engine = runs * of("activities") * of("engine-operations") + of("idle-operations") * MILLION;
  const grid = mails * of("grid-events") * 2;
  const telemetry = (executions * of("telemetry-kb")) / MILLION;
  return [
    line("Executions", `${number(executions)} − 250 000 free`, over(executions, 250_000) * each(of("executions"))),
    line(
      "Instances on demand",
      `${number(seconds)} s × ${of("memory-gb")} GB − 100 000 GB-s free`,
      over(gbSeconds, 100_000) * of("on-demand"),
    ),
    line("Always ready", `${of("always-ready-instances")} × ${of("memory-gb")} GB × 730 h`, ready * of("always-ready")),
    line("Service Bus", `${number(messages)} messages × 3 operations`, bus(messages * 3, of)),
    line("Tables", `${number(tables)} operations`, tables * each(of("table-operations"))),
    line("Data kept", `${number(kept)} GB`, kept * of("table-gb")),
    line("Durable engine", `${number(engine)} operations`, engine * each(of("queue-operations"))),
    line(
      "Mails",
      `${number(mails)} × ${of("mail-kb")} KB`,
      mails * (of("mail") + (of("mail-kb") / 1_000) * of("mail-mb")),
    ),
    line("Event Grid", `${number(grid)} operations − 100 000 free`, over(grid, 100_000) * each(of("grid-operations"))),
    line("Telemetry", `${number(telemetry)} GB − 5 free`, over(telemetry, 5) * of("telemetry-gb")),
    line("Alerts", `${of("alert-rules")} rules`, of("alert-rules") * of("alert-rule")),
  ];
}

function bus(operations: number, of: Numbers): number {
  const beyond13 = over(operations, 13 * MILLION);
  const beyond100 = over(operations, 100 * MILLION);
  return of("bus-base") + (beyond13 - beyond100) * each(of("bus-13")) + beyond100 * each(of("bus-100"));
}

const over = (amount: number, free: number) => Math.max(0, amount - free);
const each = (aMillion: number) => aMillion / MILLION;
const line = (what: string, how: string, cost: number): Line => ({ what, how, cost });
const number = (amount: number) =>
  amount < 10 ? String(Math.round(amount * 100) / 100) : Math.round(amount).toLocaleString("en").replaceAll(",", " ");
const dollars = (amount: number) => (amount < 100 ? amount.toFixed(2) : number(amount));

/** The figures in Markdown, for each volume a table with its arithmetic. */
export function figures(page: string): string {
  const of = numbersOf(page);
  const tables = VOLUMES.map((changes) => {
    const lines = linesOf(changes, of);
    const total = lines.reduce((sum, { cost }) => sum + cost, 0);
    const rows = lines.map(({ what, how, cost }) => `| ${what} | ${how} | ${dollars(cost)} |`);
    const runs = number(changes * of("enters"));
    return [
      `### ${number(changes)} changes, ${runs} runs: about ${number(total)} dollars`,
      "",
      "| | how much | dollars |",
      "|---|---|---:|",
      ...rows,
      `| **together** | | **${dollars(total)}** |`,
    ].join("\n");
  });
  return tables.join("\n\n");
}

const BETWEEN = /(<!-- figures -->\n).*?(<!-- \/figures -->)/s;

/** The page with its figures put in. */
export function withFigures(page: string): string {
  return page.replace(BETWEEN, (_, before: string, after: string) => `${before}\n${figures(page)}\n\n${after}`);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const page = readFileSync(PAGE, "utf8");
  if (values.write) writeFileSync(PAGE, withFigures(page));
  else console.log(figures(page));
}
