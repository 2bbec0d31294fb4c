import { stdout } from "node:process";
import { styleText } from "node:util";
import type { Client } from "../../sandbox/client.ts";
import { tellCamille, wasTold } from "../../sandbox/story/camille.ts";
import { type Card, cards } from "../../sandbox/story/cards.ts";
import { moment, type Words } from "../../sandbox/story/words.ts";

type Style = Parameters<typeof styleText>[0];

export function say(line = ""): void {
  console.log(line);
}

/** Colours where there is a terminal that shows them; plain text everywhere else. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: stdout });
}

/** Plays the story, a line for each of its eight moments. Answers whether it reached its end. */
export async function sayStory(client: Client, words: Words): Promise<boolean> {
  say();
  try {
    say(styled("bold", (await wasTold(client)) ? words.storyAgain : words.story));
    let number = 0;
    await tellCamille(client, words, (at, line) => {
      number += 1;
      say(`  ${number}  ${styled("dim", moment(words, at))}  ${line}`);
    });
    return true;
  } catch (error) {
    say(`  ${words.storyStopped(error instanceof Error ? error.message : String(error))}`);
    return false;
  }
}

export async function sayCards(client: Client, words: Words): Promise<void> {
  say();
  say(styled("bold", words.tryIt));
  for (const card of await cards(client, words)) sayCard(card);
}

function sayCard({ title, commands, look }: Card): void {
  say();
  say(`  ${styled("bold", title)}`);
  for (const command of commands) say(`     ${styled("cyan", command)}`);
  say(`     ${look.join(" ")}`);
}

/** The three addresses that one needs. */
export function sayLinks({ at }: Client, words: Words): void {
  const links: [string, string][] = [
    [words.links.status, `${at.app}/`],
    [words.links.mailbox, `${at.communication}/`],
    [words.links.explorer, `${new URL(at.dataverse).origin}/`],
  ];
  say();
  for (const [name, link] of links) say(`  ${name.padEnd(24)} ${styled("underline", link)}`);
}
