import type { MailVariant } from "../../domain/mail.ts";
import { ParcoursError } from "../../errors.ts";
import type { Templates } from "../../ports/templates.ts";
import { type Engine, makeEngine, problemIn } from "./engine.ts";
import { namedBy } from "./fields.ts";
import { htmlToText } from "./html-to-text.ts";
import { Lru } from "./lru.ts";
import { View } from "./view.ts";

/** One part of a mail, parsed and found right; or what is wrong with it. */
type Part =
  | { readonly kind: "right"; readonly fields: readonly string[]; render(view: View): string }
  | { readonly kind: "wrong"; readonly problem: string };

/** Parts kept parsed, of each kind; a journey's mails are few, and each is rendered for everybody. */
const KEPT = 300;

/** Mails as Liquid templates. Parsed ones are kept by their text, so equal texts are parsed once. */
export function liquidTemplates(): Templates {
  const engines = { html: makeEngine("html"), text: makeEngine("text") };
  const parts: Readonly<Record<keyof MailVariant, (template: string) => Part>> = {
    subject: partReader("subject", engines.text),
    html: partReader("html", engines.html),
    text: partReader("text", engines.text),
  };

  const read = ({ subject, html, text }: MailVariant) => ({
    subject: parts.subject(subject),
    html: parts.html(html),
    text: text === undefined ? undefined : parts.text(text),
  });

  return {
    async render(variant, scope) {
      const { subject, html, text } = read(variant);
      const view = faultsNamed("mail", () => new View(scope));
      const body = rendered(html, view);
      return {
        subject: oneLine(rendered(subject, view)),
        html: body,
        text: text === undefined ? htmlToText(body) : rendered(text, view),
      };
    },

    fields(variant) {
      const found = new Set<string>();
      for (const part of Object.values(read(variant))) {
        if (part?.kind === "wrong") return part;
        for (const field of part?.fields ?? []) found.add(field);
      }
      return { kind: "fields", fields: [...found].sort() };
    },
  };
}

function partReader(part: keyof MailVariant, engine: Engine): (template: string) => Part {
  const kept = new Lru<string, Part>(KEPT);
  return (template) => kept.get(template, () => readPart(engine, part, template));
}

function readPart(engine: Engine, part: keyof MailVariant, template: string): Part {
  try {
    const templates = engine.parse(template);
    const naming = namedBy(templates, part);
    if (naming.kind === "wrong") return naming;
    const render = (view: View) => faultsNamed(part, () => engine.render(templates, view));
    return { kind: "right", fields: naming.fields, render };
  } catch (fault) {
    return { kind: "wrong", problem: problemIn(part, fault) };
  }
}

function rendered(part: Part, view: View): string {
  if (part.kind === "wrong") throw new ParcoursError("TEMPLATE_FAILED", part.problem);
  return part.render(view);
}

/** Runs a rendering; what it throws comes out as our fault, with its place. */
function faultsNamed<T>(part: string, rendering: () => T): T {
  try {
    return rendering();
  } catch (fault) {
    throw new ParcoursError("TEMPLATE_FAILED", problemIn(part, fault), { cause: fault });
  }
}

// Line breaks and other control characters would end the header and start another.
const UNSAFE = /[\p{Cc}\u2028\u2029]+/gu;

function oneLine(subject: string): string {
  return subject.replace(UNSAFE, " ").trim();
}
