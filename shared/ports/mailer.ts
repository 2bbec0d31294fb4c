/** A mail provider. One operation id is one mail, however often it is asked about. */
export interface Mailer {
  /** One POST, without retries of the SDK's own: acceptance is the 202 of the POST, whatever fails after it. */
  send(mail: OutgoingMail, operationId: string): Promise<SendAnswer>;
  /** Asks the provider whether it holds an operation. */
  ask(operationId: string): Promise<"found" | "not-found" | "no-answer">;
}

export interface OutgoingMail {
  readonly from: string;
  readonly to: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type SendAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  | { readonly kind: "refused"; readonly reason: string }
  /** Nobody knows whether it was accepted. */
  | { readonly kind: "no-answer"; readonly reason: string };
