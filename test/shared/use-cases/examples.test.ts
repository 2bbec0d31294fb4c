import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Operation } from "../../../shared/domain/registration/registration.ts";
import type { Deps } from "../../../shared/use-cases/deps.ts";
import { startExample, stopExample, sweepExamples } from "../../../shared/use-cases/examples.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { MemoryRegistrar } from "../../support/memory-registrar.ts";
import { MemoryMetadata } from "../../support/outside-systems.ts";

const USER = "5c0e1f1a-0000-4000-8000-0000000000b1";
const MINUTE_MS = 60_000;
const NOTHING = { endpoint: null, steps: [] };

/** Stops for good at its nth operation, as a process does that is killed; what was done stays done. */
class CutOff extends MemoryRegistrar {
  left = Number.POSITIVE_INFINITY;

  override async apply(operation: Operation): Promise<void> {
    if (this.left === 0) throw new Error("killed");
    this.left -= 1;
    await super.apply(operation);
  }
}

describe("examples", () => {
  let world: World;
  let registrar: CutOff;
  let deps: Deps;
  beforeEach(() => {
    world = inProcess();
    registrar = new CutOff();
    const byExample = { ...world.calm.registration.byExample, registrar };
    const metadata = new MemoryMetadata();
    deps = { ...world.calm, metadata, registration: { ...world.calm.registration, on: true, byExample } };
    deps.dataverse.read = async () => ({ fullname: "Author" });
    metadata.learnTrigger({
      ...{ kind: "record", slug: "a", name: "A", table: "incident", created: true },
      audience: [{ column: "customerid", table: "contact" }],
    });
  });
  afterEach(() => world.close());

  const start = () => startExample({ table: "incident", user: USER }, deps);
  const later = (ms: number) => world.clock.moveTo(world.clock.now() + ms);
  const leftInStore = async () => [await deps.examples.listening(), await deps.examples.standing()];

  it("cut off at any operation leave nothing in Dataverse once their time is over", async () => {
    const all = await start();
    const operations = registrar.operations.length;
    expect(operations).toBe(4);
    if (all.kind === "listening") await stopExample(all.example.id, deps);
    for (let cut = 0; cut < operations; cut += 1) {
      registrar.left = cut;
      // Killed: not even what would take it back runs.
      const { remove } = deps.examples;
      deps.examples.remove = () => Promise.reject(new Error("killed"));
      await expect(start()).rejects.toThrow("killed");
      deps.examples.remove = remove;
      registrar.left = Number.POSITIVE_INFINITY;
      later(11 * MINUTE_MS);
      await sweepExamples(deps);
      expect(registrar.state.found).toEqual(NOTHING);
      expect(await leftInStore()).toEqual([[], false]);
    }
  });

  it("whose sweep is cut off are swept by the next one", async () => {
    await start();
    later(11 * MINUTE_MS);
    registrar.left = 2;
    await expect(sweepExamples(deps)).rejects.toThrow("killed");
    expect(registrar.state.found).not.toEqual(NOTHING);
    registrar.left = Number.POSITIVE_INFINITY;
    expect(await sweepExamples(deps)).toBe("swept");
    expect(registrar.state.found).toEqual(NOTHING);
  });

  it("ask Dataverse nothing while nothing listens; a thorough look finds what no mark tells of", async () => {
    await start();
    const [example] = await deps.examples.listening();
    if (example !== undefined) await deps.examples.remove(example.id);
    await deps.examples.setStanding(false);
    const { operations } = registrar;
    const before = operations.length;
    expect(await sweepExamples(deps)).toBe("nothing");
    expect(operations).toHaveLength(before);
    expect(await sweepExamples(deps, true)).toBe("swept");
    expect(registrar.state.found).toEqual(NOTHING);
  });

  it("that listen are left alone by a sweep", async () => {
    await start();
    const { found } = registrar.state;
    expect(await sweepExamples(deps)).toBe("listening");
    expect(await sweepExamples(deps, true)).toBe("listening");
    expect(registrar.state.found).toEqual(found);
  });

  it("take nothing any more once they are over, and keep nothing of what was seen", async () => {
    const started = await start();
    if (started.kind !== "listening") throw new Error("does not listen");
    const { id } = started.example;
    const seen = {
      record: USER,
      message: "update",
      at: "2026-03-01T09:00:00.000Z",
      depth: 1,
      oversize: false,
    } as const;
    const changes = Array.from({ length: 8 }, (_, n) => ({ ...seen, id: `c${n}`, columns: [] }));
    const [kept] = await Promise.all([
      deps.examples.read(id),
      stopExample(id, deps),
      ...changes.map((change) => deps.examples.see(id, change)),
    ]);
    expect(kept?.example.id).toBe(id);
    await deps.examples.see(id, { ...seen, id: "late", columns: [] });
    expect((await world.rows.list("Examples", id)).rows).toEqual([]);
  });

  it("are refused where Parcours does not register, and past ten at once", async () => {
    const byHand = { ...deps, registration: { ...deps.registration, on: false } };
    expect(await startExample({ table: "incident", user: USER }, byHand)).toEqual({ kind: "off" });
    for (let n = 0; n < 10; n += 1) {
      const user = USER.replace(/..$/, String(n).padStart(2, "0"));
      expect(await startExample({ table: "incident", user }, deps)).toMatchObject({ kind: "listening" });
    }
    expect(await start()).toEqual({ kind: "too-many", most: 10 });
  });
});
