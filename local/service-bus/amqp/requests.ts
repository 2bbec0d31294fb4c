import { AmqpFault, type AmqpProblem, PROBLEM } from "./conditions.ts";
import {
  type Delivery,
  type Link,
  type Message,
  message,
  type Receiver,
  remoteAttach,
  type Sender,
  types,
} from "./rhea.ts";

/** A request on `$cbs` or `$management`. */
export interface Request {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** What is answered: a status that says "done", and a body of AMQP values. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

interface Arrival {
  readonly message: Buffer;
  readonly delivery: Delivery;
}

/** Answers the requests of a link over the link that the client opened for the replies. */
export function serveRequests(
  link: Receiver,
  answer: (request: Request) => Reply,
  whenDurable: (run: () => void) => void,
): void {
  link.on("message", ({ message: raw, delivery }: Arrival) => {
    delivery.accept();
    const request = message.decode(raw);
    const replies = replyLink(link, request.reply_to);
    const reply = attempt(() =>
      answer({ operation: String(request.application_properties?.operation), body: request.body ?? {} }),
    );
    whenDurable(() => {
      if (replies?.is_open()) replies.send(encodeReply(request.message_id as string, reply));
    });
  });
}

type Answered = Reply & { readonly problem?: AmqpProblem };

function attempt(answer: () => Reply): Answered {
  try {
    return answer();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = error instanceof AmqpFault ? error.problem : PROBLEM.argument(why);
    return { status: problem.status, problem };
  }
}

/** The client names its reply link by the target address of the link, or by the link's own name. */
function replyLink(link: Receiver, replyTo: unknown): Sender | undefined {
  const matches = (candidate: Link) => {
    const { target, name } = remoteAttach(candidate) as { target?: { address?: string }; name?: string };
    return target?.address === replyTo || name === replyTo;
  };
  const own = (candidate: Link) => (candidate as Sender).source?.address === link.target.address;
  return link.connection.find_sender(matches) ?? link.session.find_sender(own) ?? link.connection.find_sender(own);
}

/** Both spellings of the status are sent: the SDK's layers read one or the other. */
function encodeReply(correlationId: string, { status, body, problem }: Answered): Message {
  const description = problem?.description ?? "OK";
  return {
    correlation_id: correlationId,
    application_properties: {
      "status-code": types.wrap_int(status),
      statusCode: types.wrap_int(status),
      "status-description": description,
      statusDescription: description,
      ...(problem && { "error-condition": types.wrap_symbol(problem.condition), errorCondition: problem.condition }),
    },
    body: body ?? {},
  };
}
