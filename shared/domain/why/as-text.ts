import type { Answer } from "./answer.ts";
import type { Speaker } from "./speaker.ts";

/** An answer as plain text, for a ticket: the speaker that told it left out what is personal. */
export function asText(answer: Answer, speaker: Speaker): string {
  const { say } = speaker;
  const { text } = say;
  const at = (iso: string | null): string => (iso === null ? "" : `${speaker.when(Date.parse(iso))}  `);
  const lines = [text.title(answer.about), "", answer.answer, `${text.mend}${say.colon}${answer.mend}`];
  const section = (title: string, of: readonly string[]): void => {
    if (of.length > 0) lines.push("", title, ...of);
  };
  section(
    text.chain,
    answer.chain.map((link) => `- ${link.label}${say.colon}${link.outcomeLabel}. ${at(link.at)}${link.text}`),
  );
  section(
    text.changes,
    answer.changes.flatMap((change) => [
      `- ${at(change.at)}${change.text}`,
      ...change.moved.map(({ label, before, after }) => `  - ${say.change.moved(label, before, after)}`),
      ...change.triggers.flatMap((trigger) => [
        `  - ${trigger.text}`,
        ...trigger.journeys.map((line) => `    - ${line}`),
      ]),
    ]),
  );
  section(
    text.causes,
    answer.causes.map((cause) => `- ${cause.label}${say.colon}${cause.verdictLabel}. ${cause.text}`),
  );
  if (answer.more) lines.push("", text.more);
  lines.push("", text.without);
  return `${lines.join("\n")}\n`;
}
