import type { MailDomainState } from "../domain/deliverability.ts";

/** The domain that mails go out from, as the provider keeps it. */
export interface MailDomain {
  /** A text: why nothing is known of it here. Never throws: a page that tells of troubles must not be one. */
  read(): Promise<MailDomainState | string>;
}
