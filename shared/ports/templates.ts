import type { MailVariant } from "../domain/mail.ts";
import type { Columns, FieldValue } from "../domain/value.ts";

/** What a mail's templates may name, already read and narrowed; `labels` turns option values into words. */
export interface TemplateScope {
  /** The entry event's columns, and those of awaited events by the name of their step. */
  readonly event: Readonly<Record<string, FieldValue | Columns>>;
  readonly before: Columns;
  readonly record: Columns;
  readonly audience: Columns;
  /** Rows one lookup away, by the lookup's column. */
  readonly related: Readonly<Record<string, Columns>>;
  /** Answers by step; `link` is the address of the survey that this mail invites to. */
  readonly survey: Readonly<Record<string, Columns | string>>;
  /** `link`: where the reader of a commercial mail unsubscribes. */
  readonly unsubscribe?: Readonly<Record<string, string>>;
  /** Codes by step; `code` is the latest. */
  readonly discount: Readonly<Record<string, string | { readonly code: string }>>;
  /** Words for option values: by `<scope>.<column>`, then by number. Missing: the number itself is shown. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly language: string;
  /** IANA time zone in which moments are shown. */
  readonly timeZone: string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The template language, behind a port: Liquid today. */
export interface Templates {
  /** @throws TEMPLATE_FAILED past its limits of time and size, or where the template is wrong. */
  render(variant: MailVariant, scope: TemplateScope): Promise<RenderedMail>;
  /** Fields that a variant names (`event.title`, `audience.firstname`), or what is wrong with it and where. */
  fields(
    variant: MailVariant,
  ):
    | { readonly kind: "fields"; readonly fields: readonly string[] }
    | { readonly kind: "wrong"; readonly problem: string };
}
