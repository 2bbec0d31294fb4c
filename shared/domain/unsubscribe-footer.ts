interface Parts {
  readonly html: string;
  readonly text: string;
}

interface Words {
  readonly why: string;
  readonly link: string;
  readonly colon: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  en: { why: "You no longer want such e-mails?", link: "Unsubscribe", colon: ":" },
  fr: { why: "Vous ne souhaitez plus recevoir ces e-mails\u00a0?", link: "Se désabonner", colon: "\u00a0:" },
};

/** Makes sure that a mail says how to unsubscribe: where its author put the link nowhere, it stands at the end. */
export function withUnsubscribe<T extends Parts>(mail: T, link: string, language: string): T {
  const words = WORDS[language] ?? WORDS.en;
  if (words === undefined) return mail;
  const html = mail.html.includes(link) ? mail.html : beforeEnd(mail.html, footer(words, link));
  const text = mail.text.includes(link)
    ? mail.text
    : `${mail.text}\n\n-- \n${words.why} ${words.link}${words.colon} ${link}\n`;
  return { ...mail, html, text };
}

function footer({ why, link: word }: Words, link: string): string {
  const style =
    "max-width:36rem;margin:24px auto 0;padding:0 24px 24px;font:13px/1.5 system-ui,sans-serif;color:#595959";
  return `<p style="${style}">${why} <a href="${link}" style="color:#595959">${word}</a></p>`;
}

function beforeEnd(html: string, part: string): string {
  const end = /<\/body\s*>(?![\s\S]*<\/body)/i.exec(html)?.index ?? html.length;
  return `${html.slice(0, end)}${part}${html.slice(end)}`;
}
