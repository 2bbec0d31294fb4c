import { expect, it } from "@jest/globals";
import { sqliteRows } from "../../../shared/adapters/sqlite/rows.ts";
import { ContactPoints } from "../../../shared/stores/contact-points.ts";

it("who unsubscribed is listed once, a page at a time, by the hash of the address alone", async () => {
  const points = new ContactPoints(sqliteRows({ file: ":memory:", now: () => 0 }));
  const suppression = (at: number) => ({ at, reason: "unsubscribed", operation: `op-${at}` }) as const;
  for (const [at, address] of ["aa", "bb", "cc", "aa"].entries()) await points.suppress(address, suppression(at));
  const first = await points.suppressions(2);
  const rest = await points.suppressions(2, first.next ?? undefined);
  expect([...first.suppressions, ...rest.suppressions]).toEqual([
    { address: "aa", ...suppression(0) },
    { address: "bb", ...suppression(1) },
    { address: "cc", ...suppression(2) },
  ]);
  expect(rest.next).toBeNull();
});
