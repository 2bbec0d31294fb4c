/** A part outside that Parcours works with. */
export type Part = "bus" | "store" | "dataverse" | "mail";

/** Asks each part for the least that shows that it answers us; a fault says why it does not. */
export type Probes = Readonly<Record<Part, () => Promise<unknown>>>;
