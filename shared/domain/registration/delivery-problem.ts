/** Why Dataverse's calls of the webhook fail, and what to do about it. */
export interface DeliveryProblem {
  readonly kind: "key-wrong" | "foreign" | "unreachable" | "not-answered" | "unknown";
  readonly problem: string;
}

/**
 * What an organisation says of a call that failed, in its system job, as a sentence for people. The status is all that
 * it passes on of an answer; without one nobody answered at the address.
 */
export function deliveryProblem(said: string, url: string): DeliveryProblem {
  const status = Number(/\b([345]\d\d)\b/.exec(said)?.[1] ?? Number.NaN);
  if (status === 401 || /unauthori[sz]ed/i.test(said))
    return {
      kind: "key-wrong",
      problem: `Dataverse shows ${url} a key that Parcours does not know: mend the registrations, and it is given the present one`,
    };
  if (status === 403 || /forbidden/i.test(said))
    return {
      kind: "foreign",
      problem: `Parcours at ${url} refuses this organisation: it is connected with another one, or what stands before it lets nobody in`,
    };
  if (status === 500 || status === 503)
    return {
      kind: "not-answered",
      problem: `Parcours at ${url} could not take the change (${status}): look at its log; what was lost is found and read back`,
    };
  return {
    kind: "unreachable",
    problem: `Dataverse does not reach ${url}: it must answer from the internet, on port 443; set PARCOURS_WEBHOOK_URL where that is another address`,
  };
}
