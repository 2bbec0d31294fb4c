import { z } from "zod";
import { slug } from "./value.ts";

/** ISO 639-1 code of a language that a mail or survey is written in. */
export const language = z.string().regex(/^[a-z]{2}$/, "a two-letter language code such as fr");
export type Language = z.infer<typeof language>;

/** One language's texts: Liquid templates. Without `text` the text part is derived from the HTML. */
export const mailVariant = z.strictObject({
  subject: z.string().min(1).max(500),
  html: z.string().min(1).max(200_000),
  text: z.string().max(200_000).optional(),
});
export type MailVariant = z.infer<typeof mailVariant>;

/** A mail: one variant for each language, and the language for everybody else. */
export const mail = z
  .strictObject({
    slug,
    name: z.string().min(1).max(200),
    /** Commercial mails need consent; transactional ones do not. */
    purpose: z.enum(["commercial", "transactional"]).default("commercial"),
    replyTo: z.email().optional(),
    fallback: language,
    variants: z.record(language, mailVariant),
  })
  .refine((it) => it.variants[it.fallback] !== undefined, {
    path: ["fallback"],
    error: "the fallback language needs a variant of its own",
  });
export type Mail = z.infer<typeof mail>;
