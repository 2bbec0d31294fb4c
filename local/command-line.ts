import { parseArgs } from "node:util";

/** Every option takes a value. */
type Options = Readonly<Record<string, { readonly type: "string"; readonly default?: string }>>;
type Values<Given extends Options> = {
  readonly [Name in keyof Given]: Given[Name] extends { readonly default: string } ? string : string | undefined;
};

const WRONG_USAGE = 2;

/** A command's options; with `--help`, or one that is unknown, the process ends with the usage. */
export function commandLine<const Given extends Options>(usage: string, options: Given): Values<Given> {
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values as object as Values<Given>;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(WRONG_USAGE);
  }
}

/** What a start answers; where it fails, the process ends with one line that says why and what to do. */
export async function started<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    console.error(reason(error));
    process.exit(1);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path, port } = error as { code?: string; path?: string; port?: number };
  if (code === "EADDRINUSE") return `Port ${port} is taken by another program; choose another with --port.`;
  if (code === "ENOENT" && path !== undefined) return `There is no file ${path}.`;
  return error.message;
}
