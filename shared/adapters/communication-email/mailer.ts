import { EmailClient, type EmailMessage } from "@azure/communication-email";
import type { TokenCredential } from "@azure/identity";
import type { Mailer, OutgoingMail, SendAnswer } from "../../ports/mailer.ts";
import { statusOf, toSendAnswer } from "./answers.ts";

export type CommunicationMailerOptions = (
  | { readonly connectionString: string }
  /** `https://<name>.communication.azure.com` and a managed identity. */
  | { readonly endpoint: string; readonly credential: TokenCredential }
) & {
  /** The longest that one request may take: milliseconds (default 15 000). A send's lease is longer. */
  readonly timeoutMs?: number;
};

type ClientOptions = NonNullable<ConstructorParameters<typeof EmailClient>[2]>;
type Policy = NonNullable<ClientOptions["additionalPolicies"]>[number]["policy"];

const TIMEOUT_MS = 15_000;

/** After the POST the SDK asks at once what became of it; the report comes as an event, so that is never sent. */
const NO_POLLING: Policy = {
  name: "noPolling",
  sendRequest: (request, next) =>
    request.method === "GET" ? Promise.reject(new Error("accepted: nothing is asked")) : next(request),
};

/** `Mailer` on Azure Communication Services. */
export function communicationMailer(options: CommunicationMailerOptions): Mailer {
  const endpoint = endpointOf(options);
  const sender = connect(options, endpoint, { additionalPolicies: [{ policy: NO_POLLING, position: "perCall" }] });
  const asker = connect(options, endpoint, {});
  const inTime = () => AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);

  return {
    async send(mail: OutgoingMail, operationId: string): Promise<SendAnswer> {
      let accepted = false;
      try {
        await sender.beginSend(toWire(mail), {
          operationId,
          abortSignal: inTime(),
          onResponse: ({ status }) => {
            accepted ||= status === 202;
          },
        });
      } catch (fault) {
        if (!accepted) return toSendAnswer(fault);
      }
      return accepted ? { kind: "accepted" } : { kind: "no-answer", reason: "an answer that is not 202" };
    },

    async ask(operationId: string): Promise<"found" | "not-found" | "no-answer"> {
      let status: number | undefined;
      try {
        await asker.beginSend(NOTHING, {
          resumeFrom: pollerOf(endpoint, operationId),
          abortSignal: inTime(),
          onResponse: (answer) => {
            status ??= answer.status;
          },
        });
      } catch (fault) {
        status ??= statusOf(fault);
      }
      return status === 200 ? "found" : status === 404 ? "not-found" : "no-answer";
    },
  };
}

/** Never sent: a poller that is resumed only asks. */
const NOTHING: EmailMessage = { senderAddress: "", content: { subject: "", plainText: "" }, recipients: {} };

/** The state of a poller that has sent this operation, as the SDK's own `toString` gives it. */
function pollerOf(endpoint: string, operationId: string): string {
  const operationLocation = `${endpoint}/emails/operations/${encodeURIComponent(operationId)}`;
  return JSON.stringify({
    state: { status: "running", config: { metadata: { mode: "OperationLocation" }, operationLocation } },
  });
}

function connect(options: CommunicationMailerOptions, endpoint: string, more: ClientOptions): EmailClient {
  // Only the stand-in on one's own machine speaks plain HTTP.
  const settings = { ...more, retryOptions: { maxRetries: 0 }, allowInsecureConnection: /^http:/i.test(endpoint) };
  return "connectionString" in options
    ? new EmailClient(options.connectionString, settings)
    : new EmailClient(endpoint, options.credential, settings);
}

function endpointOf(options: CommunicationMailerOptions): string {
  const endpoint =
    "endpoint" in options ? options.endpoint : /(?:^|;)\s*endpoint=([^;]+)/i.exec(options.connectionString)?.[1];
  return (endpoint ?? "").replace(/\/+$/, "");
}

function toWire(mail: OutgoingMail): EmailMessage {
  return {
    senderAddress: mail.from,
    recipients: { to: [{ address: mail.to }] },
    content: { subject: mail.subject, html: mail.html, plainText: mail.text },
    headers: { ...mail.headers },
    ...(mail.replyTo === undefined ? {} : { replyTo: [{ address: mail.replyTo }] }),
  };
}
