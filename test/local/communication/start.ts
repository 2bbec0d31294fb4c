import { EmailClient, type EmailMessage } from "@azure/communication-email";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import {
  type Communication,
  type CommunicationOptions,
  startCommunication,
} from "../../../local/communication/communication.ts";
import type { EventGridEvent } from "../../../local/communication/event-grid.ts";
import type { Mail } from "../../../local/communication/mail-store.ts";

/** A running stand-in, with what its clients and its subscriber would have. */
export interface Bench {
  readonly communication: Communication;
  readonly clock: VirtualClock;
  readonly reports: EventGridEvent[];
  readonly client: EmailClient;
  readonly url: string;
  mails(query?: string): Promise<Mail[]>;
  stop(): Promise<void>;
}

/** Starts the stand-in on a free port, with the unmodified SDK attached and its own retries off. */
export async function startBench(options: Partial<CommunicationOptions> = {}): Promise<Bench> {
  const clock = new VirtualClock();
  const reports: EventGridEvent[] = [];
  const communication = await startCommunication({
    port: 0,
    clock,
    busy: clock,
    publish: async (event) => void reports.push(event),
    ...options,
  });
  const url = `http://localhost:${communication.port}`;
  return {
    communication,
    clock,
    reports,
    url,
    client: clientOf(communication.connectionString),
    mails: async (query = "") => (await fetch(`${url}/mailbox/messages${query}`)).json() as Promise<Mail[]>,
    stop: async () => {
      await communication.close();
      clock.close();
    },
  };
}

export function clientOf(connectionString: string): EmailClient {
  return new EmailClient(connectionString, { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
}

/** A mail to one reader. */
export function mailTo(address: string, more: Partial<EmailMessage> = {}): EmailMessage {
  return {
    senderAddress: "donotreply@example.com",
    content: {
      subject: "Your case",
      plainText: "How was it?",
      html: '<p>How was it? <a href="https://example.com/answer?a=1&amp;b=2">Tell us</a></p>',
    },
    recipients: { to: [{ address }] },
    headers: { "List-Unsubscribe": "<https://example.com/unsubscribe>" },
    ...more,
  };
}
