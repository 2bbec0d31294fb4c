import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { keyOf } from "../../../shared/domain/registration/registration.ts";
import { checkRegistrations, showRegistrations } from "../../../shared/use-cases/check-registrations.ts";
import type { Deps } from "../../../shared/use-cases/deps.ts";
import { publishDefinition } from "../../../shared/use-cases/publish-definition.ts";
import { saveDefinition } from "../../../shared/use-cases/save-definition.ts";
import { stopTrigger } from "../../../shared/use-cases/stop-trigger.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { MemoryRegistrar } from "../../support/memory-registrar.ts";
import { MemoryMetadata } from "../../support/outside-systems.ts";

const MINUTE_MS = 60_000;

describe("registrations", () => {
  let world: World;
  let registrar: MemoryRegistrar;
  let metadata: MemoryMetadata;
  let deps: Deps;
  beforeEach(() => {
    world = inProcess();
    registrar = new MemoryRegistrar();
    metadata = new MemoryMetadata();
    deps = { ...world.calm, metadata, registration: { ...world.calm.registration, on: true, registrar } };
  });
  afterEach(() => world.close());

  async function draft(slug: string, table: string, columns: readonly string[]): Promise<void> {
    const audience = [{ column: "customerid", table: "contact" }];
    const document = { kind: "record", slug, name: slug, table, audience, updated: { columns } };
    metadata.learnTrigger(document);
    await saveDefinition("triggers", slug, document, undefined, deps);
  }

  function steps(): string[] {
    return registrar.state.found.steps
      .map((step) => `${keyOf(step)} ${step.columns}${step.enabled ? "" : " off"}`)
      .sort();
  }

  it("are there before a trigger is published, switched off, and are switched on after every process knows it", async () => {
    await draft("first", "incident", ["title"]);
    let before: string[] = [];
    let published: number | null | undefined;
    const read = () => deps.generation.read();
    const generation = Object.create(deps.generation, { raise: { value: raise }, read: { value: read } });
    const watched = { ...deps, generation };
    async function raise(): Promise<number> {
      before = steps();
      published = (await deps.triggers.listed("first"))?.published;
      return deps.generation.raise();
    }
    await publishDefinition("triggers", "first", watched);
    expect({ before, published }).toEqual({
      before: ["Update contact masterid,merged off", "Update incident title off"],
      published: 1,
    });
    expect(steps()).toEqual(["Update contact masterid,merged", "Update incident title"]);
    expect(world.clock.slept).toContain(deps.settings.catalogueLifetime);
  });

  it("hold what everybody wants who publishes at the same moment, each step once", async () => {
    const columns = ["a", "b", "c", "d", "e", "f"];
    for (const column of columns) await draft(`on-${column}`, "incident", [column]);
    await Promise.all(columns.map((column) => publishDefinition("triggers", `on-${column}`, deps)));
    expect(steps()).toEqual(["Update contact masterid,merged", "Update incident a,b,c,d,e,f"]);
    await Promise.all(columns.slice(2).map((column) => stopTrigger(`on-${column}`, deps)));
    expect(steps()).toEqual(["Update contact masterid,merged", "Update incident a,b"]);
    expect(await checkRegistrations(deps)).toBe("as-wanted");
  });

  it("that were prepared for somebody who is gone go after ten minutes", async () => {
    await draft("first", "incident", ["title"]);
    Object.assign(deps.triggers, { publish: () => Promise.reject(new Error("killed")) });
    await expect(publishDefinition("triggers", "first", deps)).rejects.toThrow("killed");
    expect(steps()).toEqual(["Update contact masterid,merged off", "Update incident title off"]);
    world.clock.moveTo(world.clock.now() + 11 * MINUTE_MS);
    expect(await checkRegistrations(deps)).toBe("registered");
    expect(registrar.state.found).toEqual({ endpoint: null, steps: [] });
  });

  it("of a publish that was cut off after the save are switched on by the timer", async () => {
    await draft("first", "incident", ["title"]);
    const read = () => deps.generation.read();
    const raise = () => Promise.reject(new Error("killed"));
    const broken = Object.create(deps.generation, { raise: { value: raise }, read: { value: read } });
    await expect(publishDefinition("triggers", "first", { ...deps, generation: broken })).rejects.toThrow("killed");
    expect(await checkRegistrations(deps)).toBe("registered");
    expect(steps()).toEqual(["Update contact masterid,merged", "Update incident title"]);
  });

  it("are only looked at where they are made by hand", async () => {
    const byHand = { ...deps, registration: { ...deps.registration, on: false } };
    await draft("first", "incident", ["title"]);
    await publishDefinition("triggers", "first", byHand);
    expect(await checkRegistrations(byHand)).toBe("off");
    expect(registrar.operations).toEqual([]);
    const { register, drift } = await showRegistrations(byHand);
    expect({ register, drift: drift.map(({ at }) => at) }).toEqual({
      register: "off",
      drift: ["endpoint", "Update of contact", "Update of incident"],
    });
  });
});
