import type { Mailer } from "../../ports/mailer.ts";
import type { Measure } from "../../ports/measure.ts";

/** The provider, with a span around each request, and what it puts off counted. */
export function measuredMailer(mailer: Mailer, measure: Measure): Mailer {
  return {
    send: (mail, operation) =>
      measure.span("mail sent", { kind: "client" }, async () => {
        const answer = await mailer.send(mail, operation);
        measure.label({ outcome: answer.kind });
        if (answer.kind === "throttled") measure.count("parcours.mail.throttled");
        return answer;
      }),
    ask: (operation) =>
      measure.span("mail asked about", { kind: "client" }, async () => {
        const outcome = await mailer.ask(operation);
        measure.label({ outcome });
        return outcome;
      }),
  };
}
