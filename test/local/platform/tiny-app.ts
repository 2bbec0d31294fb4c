import { fileURLToPath } from "node:url";
import { type Platform, type PlatformOptions, startPlatform } from "../../../local/platform/platform.ts";

/** Where the fixture apps lie. */
export function fixtureApp(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/apps/${name}`, import.meta.url));
}

export const tinyEntities = {
  UserConfig: {
    Namespaces: [
      {
        Name: "local",
        Queues: [
          { Name: "work", Properties: { MaxDeliveryCount: 3, LockDuration: "PT5S" } },
          { Name: "batches", Properties: { MaxDeliveryCount: 3 } },
          { Name: "results" },
        ],
      },
    ],
  },
};

/** What a setting holds to be given the address of a part. */
export function placeholder(name: string): string {
  return `\${${name}}`;
}

/** Starts the tiny app on a platform of its own, on free ports, and waits until it is up. */
export async function startTiny(
  options: Partial<PlatformOptions> = {},
  settings: PlatformOptions["settings"] = {},
): Promise<Platform> {
  const platform = await startPlatform({
    appDir: fixtureApp("tiny"),
    ports: { app: 0, serviceBus: 0 },
    settings: {
      Bus: placeholder("serviceBus"),
      Queue: "work",
      Monthly: "0 0 0 1 * *",
      Failing: "0 0 0 1 1 *",
      Exiting: "0 0 0 1 1 *",
      ...settings,
    },
    entities: tinyEntities,
    ...options,
  });
  await platform.waitUntilReady();
  return platform;
}

/** Asks the app and reads JSON. */
export async function getJson<T>(platform: Platform, path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`${platform.addresses.app}${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Waits until a question has the wanted answer, and gives it. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms; last: ${JSON.stringify(answer)}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
