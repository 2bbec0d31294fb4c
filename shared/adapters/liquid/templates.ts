import type { Liquid, Template } from "liquidjs";
import type { MailVariant } from "../../domain/mail.ts";
import { ParcoursError } from "../../errors.ts";
import type { Templates } from "../../ports/templates.ts";
import { makeEngine, parseTemplate, problemIn, renderTemplate } from "./engine.ts";
import { type Named, namedBy } from "./fields.ts";
import { htmlToText } from "./html-to-text.ts";
import { Lru } from "./lru.ts";
import type { Printed } from "./printer.ts";
import { type Root, type View, viewOf } from "./view.ts";

/** One part of a mail, parsed and found right; or what is wrong with it. */
type Part =
  | { readonly kind: "right"; readonly templates: Template[]; readonly named: Named; render(view: View): string }
  | { readonly kind: "wrong"; readonly problem: string };

/** Parts kept parsed, of each kind; a journey's mails are few, and each is rendered for everybody. */
const KEPT = 300;

/** Mails as Liquid templates. Parsed ones are kept by their text, so equal texts are parsed once. */
export function liquidTemplates(): Templates {
  const parts: Readonly<Record<keyof MailVariant, (template: string) => Part>> = {
    subject: partReader("subject", "text"),
    html: partReader("html", "html"),
    text: partReader("text", "text"),
  };

  const read = ({ subject, html, text }: MailVariant) => ({
    subject: parts.subject(subject),
    html: parts.html(html),
    text: text === undefined ? undefined : parts.text(text),
  });

  return {
    async render(variant, scope) {
      const { subject, html, text } = read(variant);
      const all = [subject, html, text].filter((part) => part !== undefined).map(rightOrThrow);
      const view = named(() => viewOf(scope, new Set(all.flatMap((part): readonly Root[] => part.named.roots))));
      const body = rightOrThrow(html).render(view);
      return {
        subject: oneLine(rightOrThrow(subject).render(view)),
        html: body,
        text: text === undefined ? htmlToText(body) : rightOrThrow(text).render(view),
      };
    },

    fields(variant) {
      const found = new Set<string>();
      for (const part of Object.values(read(variant))) {
        if (part?.kind === "wrong") return part;
        for (const field of part?.named.fields ?? []) found.add(field);
      }
      return { kind: "fields", fields: [...found].sort() };
    },
  };
}

function partReader(part: keyof MailVariant, printed: Printed): (template: string) => Part {
  const engine = makeEngine(printed);
  const kept = new Lru<string, Part>(KEPT);
  return (template) => kept.get(template, () => readPart(engine, part, template));
}

function readPart(engine: Liquid, part: string, template: string): Part {
  try {
    const templates = parseTemplate(engine, template);
    const naming = namedBy(templates, part);
    if (naming.kind === "wrong") return naming;
    const render = (view: View) => named(() => renderTemplate(engine, templates, view), part);
    return { kind: "right", templates, named: naming.named, render };
  } catch (fault) {
    return { kind: "wrong", problem: problemIn(part, fault) };
  }
}

function rightOrThrow(part: Part) {
  if (part.kind === "wrong") throw new ParcoursError("TEMPLATE_FAILED", part.problem);
  return part;
}

/** Runs a rendering; what it throws comes out as our fault, with its place. */
function named<T>(rendering: () => T, part = "mail"): T {
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
