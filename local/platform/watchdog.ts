import type { AppInstance } from "./app-instance.ts";

const EVERY_MS = 1000;
const GRACE_MS = 2000;

/**
 * Kills an instance whose event loop has not turned for longer than a function may run: code in an endless loop stops
 * its own process's time limit too, and with it the clock, which waits for each instance to take its new time.
 */
export function watch(instance: AppInstance, functionTimeoutMs: number, log: (line: string) => void): void {
  if (!Number.isFinite(functionTimeoutMs)) return;
  let askedAt: number | undefined;
  const timer = setInterval(() => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      const answered = (): void => {
        askedAt = undefined;
      };
      instance.ping().then(answered, answered);
    } else if (Date.now() - askedAt > functionTimeoutMs + GRACE_MS) {
      log(`${instance.id} has not answered for ${Date.now() - askedAt} ms: it is killed`);
      instance.killStuck();
    }
  }, EVERY_MS);
  void instance.whenGone.then(() => clearInterval(timer));
}
