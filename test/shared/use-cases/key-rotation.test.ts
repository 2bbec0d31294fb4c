import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { type Dataverse, startDataverse } from "../../../local/dataverse/dataverse.ts";
import { dataverseRegistrar } from "../../../shared/adapters/dataverse/registrar.ts";
import { keyMarkOf } from "../../../shared/adapters/dataverse/registration-rows.ts";
import { requestsTo } from "../../../shared/adapters/dataverse/requests.ts";
import { openSurvey } from "../../../shared/use-cases/answer-survey.ts";
import { checkRegistrations } from "../../../shared/use-cases/check-registrations.ts";
import type { Deps } from "../../../shared/use-cases/deps.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { receiveCustomEvents } from "../../../shared/use-cases/receive-custom-events.ts";
import { signLink } from "../../../shared/use-cases/sign-link.ts";
import { openReceiver, type Receiver } from "../../local/dataverse/webhook-receiver.ts";
import { event, openCompany } from "../../support/company-in-process.ts";
import { inProcess, type World } from "../../support/in-process.ts";

const OLD = "k1:the webhook's key of spring";
const NEW = "k2:the webhook's key of autumn";
const PARCEL = { kind: "custom", slug: "parcel-sent", name: "Parcel sent", person: { tables: ["contact"] } };

/** What a deployment with these settings is, over the same store. */
function withSettings(world: World, settings: Partial<Deps["settings"]>): Deps {
  return { ...world.calm, settings: { ...world.calm.settings, ...settings } };
}

describe("the webhook's key", () => {
  const clock = new VirtualClock();
  let world: World;
  let standIn: Dataverse;
  let receiver: Receiver;
  beforeEach(async () => {
    world = inProcess();
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    receiver = await openReceiver();
    await world.publish("triggers", {
      ...{ kind: "record", slug: "person-made", name: "Person made", table: "contact", created: true },
      audience: [{ column: "contactid", table: "contact" }],
    });
  });
  afterEach(async () => {
    await standIn.close();
    await receiver.close();
    world.close();
    clock.close();
  });

  /** A deployment that registers with the first key, and takes all of them. */
  function deployed(...webhookKeys: readonly string[]): Deps {
    const [key = ""] = webhookKeys;
    const send = requestsTo({ url: standIn.url, now: () => 0, sleep: async () => undefined });
    const deps = withSettings(world, { webhookKeys, organization: standIn.organizationId });
    return {
      ...deps,
      registration: {
        ...deps.registration,
        on: true,
        endpoint: { url: receiver.url, keyMark: keyMarkOf(key) },
        registrar: dataverseRegistrar({ send, url: standIn.url, key }),
      },
    };
  }

  /** What a deployment says to the change that Dataverse posts next. */
  async function told(deps: Deps): Promise<{ key: unknown; kind: string }> {
    const headers = { "content-type": "application/json" };
    await fetch(`${standIn.url}/contacts`, { method: "POST", headers, body: JSON.stringify({ lastname: "Roux" }) });
    const count = receiver.deliveries.length + 1;
    await receiver.arrived(count);
    const delivery = receiver.deliveries.at(-1);
    const key = delivery?.headers["x-parcours-key"];
    const received = await receiveChange(
      { key: typeof key === "string" ? key : undefined, body: delivery?.text ?? "", oversize: false },
      deps,
    );
    return { key, kind: received.kind };
  }

  it("is changed without a change being refused: both are valid until Dataverse shows the new one, then the old is not", async () => {
    const before = deployed(OLD);
    await checkRegistrations(before);
    expect(await told(before)).toEqual({ key: OLD, kind: "fired" });

    const between = deployed(NEW, OLD);
    expect(await told(between)).toEqual({ key: OLD, kind: "fired" });
    expect(await checkRegistrations(between)).toBe("registered");
    expect(await told(between)).toEqual({ key: NEW, kind: "fired" });

    const after = deployed(NEW);
    expect(await told(after)).toEqual({ key: NEW, kind: "fired" });
    expect(await receiveChange({ key: OLD, body: "{}", oversize: false }, after)).toMatchObject({ kind: "wrong-key" });
    expect(await checkRegistrations(after)).toBe("as-wanted");
  });
});

describe("the keys of other systems and of links", () => {
  let world: World;
  beforeEach(async () => {
    world = inProcess();
    await world.publish("triggers", PARCEL);
  });
  afterEach(() => world.close());

  it.each(["ingestionKeys", "browserKeys"] as const)(
    "%s: old and new are valid, then the old is refused",
    async (name) => {
      const origin = world.calm.settings.browserOrigins[0];
      const send = async (key: string, deps: Deps) => {
        const body = JSON.stringify({ person: { email: "nobody@example.com" } });
        return (await receiveCustomEvents({ trigger: "parcel-sent", key, origin, body }, deps)).kind;
      };
      const none = { ingestionKeys: [], browserKeys: [] };
      const both = withSettings(world, { ...none, [name]: ["new", "old"] });
      expect([await send("new", both), await send("old", both)]).toEqual(["taken", "taken"]);
      const after = withSettings(world, { ...none, [name]: ["new"] });
      expect([await send("new", after), await send("old", after)]).toEqual(["taken", "wrong-key"]);
    },
  );

  it("links in mails that were signed with the key before are read for as long as it is kept", async () => {
    const old = { id: "k1", secret: "a secret of last year" };
    const present = { id: "k2", secret: "a secret of this year" };
    await openCompany(world);
    await world.bring(event(world, "case-resolved"));
    await world.pass(1_000);
    const link = signLink(old, [...world.mailer.accepted.keys()][0] ?? "");
    const open = async (...signingKeys: (typeof old)[]) =>
      (await openSurvey(link, withSettings(world, { signingKeys }))).kind;
    expect([await open(old), await open(present, old), await open(present)]).toEqual([
      "question",
      "question",
      "invalid",
    ]);
  });
});
