import type { Endpoint } from "../../../functions/endpoint.ts";

/** Every HTTP function as the app declares it. Outside a host the programming model warns that it registers nothing. */
export async function declaredEndpoints(): Promise<readonly Endpoint[]> {
  const warn = console.warn;
  console.warn = () => undefined;
  try {
    await import("../../../functions/index.ts");
  } finally {
    console.warn = warn;
  }
  return (await import("../../../functions/endpoint.ts")).endpoints();
}
