/** What Dataverse must tell Parcours, as one wants it and as one finds it. */

export type RegisteredMessage = "Create" | "Update" | "Delete";

/** Sorted logical names; `all` is Dataverse's empty list, which means every column. */
export type ColumnSet = "all" | readonly string[];

/** The webhook: where Dataverse posts changes to, and the mark of the key that it shows. */
export interface Endpoint {
  readonly url: string;
  /** A few digits of the key's hash: the key itself can't be read back, so this tells whether it is the present one. */
  readonly keyMark: string;
}

/** One registration: a message of a table. A missing image is null. */
export interface WantedStep {
  readonly table: string;
  readonly message: RegisteredMessage;
  /** Columns whose update counts; of other messages always `all`. */
  readonly columns: ColumnSet;
  readonly pre: ColumnSet | null;
  readonly post: ColumnSet | null;
  /** Prepared ahead of its triggers' publication, a step is there but switched off. */
  readonly enabled: boolean;
}

export interface Wanted {
  /** Null where no trigger is left: then nothing of Parcours stays in Dataverse. */
  readonly endpoint: Endpoint | null;
  readonly steps: readonly WantedStep[];
}

export interface FoundEndpoint {
  readonly id: string;
  readonly url: string;
  /** Null where the endpoint was made by hand, or shows its key in another way than by a header. */
  readonly keyMark: string | null;
}

export type ImageKind = "pre" | "post";

export interface FoundImage {
  readonly id: string;
  /** Null for what Parcours never makes: both kinds in one, another alias, another property. */
  readonly kind: ImageKind | null;
  readonly columns: ColumnSet;
}

export interface FoundStep {
  readonly id: string;
  /** Null: of every table. */
  readonly table: string | null;
  readonly message: string;
  readonly columns: ColumnSet;
  readonly enabled: boolean;
  /** Asynchronous and after the operation: else a fault of ours would roll back what a user did. */
  readonly sound: boolean;
  readonly images: readonly FoundImage[];
  /** Who changed it last, by the name that Dataverse shows, and when (ISO 8601). */
  readonly changed?: { readonly by: string | null; readonly at: string | null };
}

export interface Found {
  readonly endpoint: FoundEndpoint | null;
  readonly steps: readonly FoundStep[];
}

/** One thing done in Dataverse, whole or not at all. */
export type Operation =
  | { readonly kind: "make-endpoint"; readonly endpoint: Endpoint }
  | { readonly kind: "mend-endpoint"; readonly id: string; readonly endpoint: Endpoint }
  | { readonly kind: "delete-endpoint"; readonly id: string }
  /** With its images, and switched off at once where it is not wanted enabled yet. */
  | { readonly kind: "create-step"; readonly step: WantedStep }
  /** Sets the columns, and what makes a step asynchronous. */
  | { readonly kind: "filter-step"; readonly id: string; readonly columns: ColumnSet }
  | { readonly kind: "enable-step"; readonly id: string }
  | { readonly kind: "disable-step"; readonly id: string }
  /** Off and on in one transaction: Dataverse keeps a step's images in a cache until then. */
  | { readonly kind: "refresh-step"; readonly id: string }
  | { readonly kind: "delete-step"; readonly id: string }
  | {
      readonly kind: "create-image";
      readonly step: string;
      readonly message: RegisteredMessage;
      readonly image: ImageKind;
      readonly columns: ColumnSet;
    }
  | { readonly kind: "change-image"; readonly id: string; readonly columns: ColumnSet }
  | { readonly kind: "delete-image"; readonly id: string };

export function keyOf(step: { readonly table: string | null; readonly message: string }): string {
  return `${step.message} ${step.table ?? "*"}`;
}

export function columnSet(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort();
}

export function union(one: ColumnSet, other: ColumnSet): ColumnSet {
  return one === "all" || other === "all" ? "all" : columnSet([...one, ...other]);
}

/** Whether the set holds every column of the other. */
export function covers(set: ColumnSet, other: ColumnSet): boolean {
  if (set === "all") return true;
  return other !== "all" && other.every((column) => set.includes(column));
}

export function sameColumns(one: ColumnSet, other: ColumnSet): boolean {
  return covers(one, other) && covers(other, one);
}
