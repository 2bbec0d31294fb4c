import { z } from "zod";

const LARGEST_BYTES = 10 * 1024 * 1024;
const MOST_RECIPIENTS = 50;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** One @, something on both sides, a dot in the domain: about what the service asks for. */
const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/;

const party = z.object({ address: z.string(), displayName: z.string().optional() });
const attachment = z.object({ name: z.string(), contentType: z.string(), contentInBase64: z.string() });

/** The body of a send, with the names of the REST API. */
const emailMessage = z
  .object({
    senderAddress: z.string().regex(ADDRESS),
    content: z
      .object({ subject: z.string().min(1), plainText: z.string().optional(), html: z.string().optional() })
      .refine((content) => (content.plainText ?? "") !== "" || (content.html ?? "") !== ""),
    recipients: z
      .object({
        to: z.array(party).default([]),
        cc: z.array(party).optional(),
        bcc: z.array(party).optional(),
      })
      .refine(({ to, cc = [], bcc = [] }) => to.length + cc.length + bcc.length > 0, { path: ["to"] }),
    attachments: z.array(attachment).optional(),
    replyTo: z.array(party).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    userEngagementTrackingDisabled: z.boolean().optional(),
  })
  .loose();

export type EmailMessage = z.infer<typeof emailMessage>;

/** An answer that refuses: the status, and the error as the service words it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Reads the body of a send, or says why the service would refuse it. */
export function parseSend(
  body: string,
  operationId: string | undefined,
): { message: EmailMessage } | { refusal: Refusal } {
  if (operationId !== undefined && !GUID.test(operationId))
    return refused("BadRequest", "The header 'Operation-Id' is not a valid GUID.");
  if (Buffer.byteLength(body) > LARGEST_BYTES)
    return refused("RequestEntityTooLarge", "The message is over the limit of 10 MB.", 413);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused("BadRequest", "Request body validation error. The body is not valid JSON.");
  }
  const parsed = emailMessage.safeParse(json);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") ?? "";
    return refused("BadRequest", `Request body validation error. See property '${place}'`);
  }
  const everyone = allRecipients(parsed.data);
  if (everyone.length > MOST_RECIPIENTS)
    return refused("BadRequest", `The number of recipients is over the limit of ${MOST_RECIPIENTS}.`);
  const wrong = everyone.find((address) => !ADDRESS.test(address));
  if (wrong !== undefined) return refused("InvalidEmailAddress", `Invalid format for email address '${wrong}'.`);
  return { message: parsed.data };
}

/** Every address that the mail goes to. */
export function allRecipients({ recipients }: EmailMessage): string[] {
  return [...recipients.to, ...(recipients.cc ?? []), ...(recipients.bcc ?? [])].map((party) => party.address);
}

function refused(code: string, message: string, status = 400): { refusal: Refusal } {
  return { refusal: { status, code, message } };
}
