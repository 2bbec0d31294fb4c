import type { Ready } from "../host/messages.ts";

/** What an instance serves, as lines to print: `hello  httpTrigger  GET,POST http://localhost:7071/api/hello`. */
export function describeFunctions(ready: Ready | undefined, app: string): string[] {
  if (ready === undefined) return [];
  const width = Math.max(...ready.functions.map(({ name }) => name.length));
  return ready.functions.map(({ name, trigger }) => {
    const route = ready.routes.find((route) => route.name === name);
    const where = route === undefined ? "" : `  ${route.methods.join(",")} ${app}/${route.template}`;
    return `${name.padEnd(width)}  ${trigger}${where}`;
  });
}
