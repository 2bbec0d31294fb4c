import { describe, expect, it } from "@jest/globals";
import { parseEntities } from "../../../local/service-bus/config.ts";

const config = (queue: object) => ({
  UserConfig: { Namespaces: [{ Name: "ns", Queues: [{ Name: "q", Properties: queue }] }] },
});
const read = (queue: object) => parseEntities(config(queue)).Queues[0]?.Properties;

describe("a bus's configuration", () => {
  it("is read in the format of Microsoft's own emulator", () => {
    const entities = parseEntities({
      UserConfig: {
        Namespaces: [
          {
            Name: "sbemulatorns",
            Queues: [
              {
                Name: "queue.1",
                Properties: {
                  DeadLetteringOnMessageExpiration: true,
                  DefaultMessageTimeToLive: "PT1H",
                  DuplicateDetectionHistoryTimeWindow: "PT20S",
                  ForwardDeadLetteredMessagesTo: "",
                  ForwardTo: "",
                  LockDuration: "PT1M",
                  MaxDeliveryCount: 3,
                  RequiresDuplicateDetection: true,
                  RequiresSession: false,
                },
              },
            ],
            Topics: [
              {
                Name: "topic.1",
                Properties: { DefaultMessageTimeToLive: "P1DT2H" },
                Subscriptions: [
                  {
                    Name: "sub",
                    Rules: [
                      {
                        Name: "r",
                        Properties: {
                          FilterType: "Correlation",
                          CorrelationFilter: { Label: "x", Properties: { a: "b" } },
                        },
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
        Logging: { Type: "File" },
      },
    });
    expect(entities.Queues[0]?.Properties).toMatchObject({
      LockDuration: 60_000,
      MaxDeliveryCount: 3,
      DefaultMessageTimeToLive: 3_600_000,
      DuplicateDetectionHistoryTimeWindow: 20_000,
      ForwardTo: undefined,
    });
    expect(entities.Topics[0]?.Properties.DefaultMessageTimeToLive).toBe(26 * 3_600_000);
  });

  it("has Azure's own defaults where it says nothing", () => {
    expect(read({})).toMatchObject({ LockDuration: 60_000, MaxDeliveryCount: 10, RequiresSession: false });
    expect(read({})?.DefaultMessageTimeToLive).toBeUndefined();
    expect(read({ DefaultMessageTimeToLive: "P10675199DT2H48M5.4775807S" })?.DefaultMessageTimeToLive).toBeUndefined();
  });

  it("is refused with the place of each mistake", () => {
    expect(() => read({ LockDuration: "a minute" })).toThrow(/LockDuration/);
    expect(() => read({ MaxDeliveryCount: 0 })).toThrow(/MaxDeliveryCount/);
    expect(() => parseEntities({})).toThrow(/UserConfig/);
  });

  it("is refused if it forwards to what is not there, or from an entity with sessions", () => {
    expect(() => read({ ForwardTo: "nowhere" })).toThrow(/q: ForwardTo names nowhere/);
    expect(() => read({ ForwardDeadLetteredMessagesTo: "nowhere" })).toThrow(/ForwardDeadLetteredMessagesTo/);
    expect(() => read({ ForwardTo: "Q", RequiresSession: true })).toThrow(/with sessions cannot forward/);
    expect(read({ ForwardTo: "Q" })?.ForwardTo).toBe("Q");
  });

  it("is refused if a rule has not the filter that its type names", () => {
    const withRule = (Properties: object) => ({
      UserConfig: {
        Namespaces: [{ Topics: [{ Name: "t", Subscriptions: [{ Name: "s", Rules: [{ Name: "r", Properties }] }] }] }],
      },
    });
    expect(() => parseEntities(withRule({ FilterType: "Sql", CorrelationFilter: { Label: "x" } }))).toThrow(
      /FilterType Sql needs a SqlFilter/,
    );
    expect(() => parseEntities(withRule({ FilterType: "Sql", SqlFilter: { SqlExpression: "1=1" } }))).not.toThrow();
  });
});
