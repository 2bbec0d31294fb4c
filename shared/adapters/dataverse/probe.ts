import { z } from "zod";
import type { Send } from "./requests.ts";

const whoAmI = z.object({ UserId: z.string() });

/** The cheapest question that shows that the organisation knows us. */
export function dataverseProbe(send: Send): () => Promise<void> {
  return async () => void (await send({ method: "GET", path: "WhoAmI" }, whoAmI));
}
