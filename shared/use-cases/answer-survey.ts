import type { Survey } from "../domain/survey.ts";
import type { Columns } from "../domain/value.ts";
import type { Delivery } from "../stores/deliveries.ts";
import type { Deps } from "./deps.ts";
import { eventMessage, interactionEvent } from "./interaction-event.ts";
import { readLink } from "./sign-link.ts";

type Needs = Pick<Deps, "bus" | "clock" | "deliveries" | "settings" | "spill" | "surveys">;

/** A survey in one reader's language. */
export interface SurveyForm {
  readonly language: string;
  readonly title: string;
  readonly intro?: string;
  readonly thanks?: string;
  readonly questions: readonly FormQuestion[];
}

export type FormQuestion =
  | {
      readonly kind: "rating";
      readonly id: string;
      readonly text: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    }
  | { readonly kind: "comment"; readonly id: string; readonly text: string; readonly maxLength: number };

/** What the survey page shows. */
export type SurveyPage =
  | { readonly kind: "question" | "answered"; readonly form: SurveyForm }
  | { readonly kind: "invalid" };

/** What a posted answer became: thanks, or what is wrong with it. */
export type SurveyAnswered =
  | { readonly kind: "thanks"; readonly form: SurveyForm }
  | { readonly kind: "incomplete"; readonly form: SurveyForm; readonly missing: readonly string[] }
  | { readonly kind: "invalid" };

/** Looking changes nothing: mail scanners open links. */
export async function openSurvey(token: string, deps: Needs): Promise<SurveyPage> {
  const found = await find(token, deps);
  if (found === undefined) return { kind: "invalid" };
  const { survey, language, operation } = found;
  const answered = await deps.deliveries.answered(operation);
  return { kind: answered === undefined ? "question" : "answered", form: formOf(survey, language) };
}

/** Keeps the first answer; then, and each time it is posted again, publishes its event under the same id. */
export async function answerSurvey(token: string, form: URLSearchParams, deps: Needs): Promise<SurveyAnswered> {
  const found = await find(token, deps);
  if (found === undefined) return { kind: "invalid" };
  const { survey, language, operation, delivery } = found;
  const read = readForm(survey, form);
  if (read.missing.length > 0) return { kind: "incomplete", form: formOf(survey, language), missing: read.missing };
  const received = deps.clock.now();
  const answer = await deps.deliveries.answer(operation, { at: received, values: read.values });
  const event = interactionEvent("survey-answered", operation, delivery, {
    at: answer.at,
    received,
    values: answer.values,
  });
  try {
    await deps.bus.publish([eventMessage(event)]);
  } catch {
    await deps.spill.put(eventMessage(event), received);
  }
  return { kind: "thanks", form: formOf(survey, language) };
}

async function find(
  token: string,
  deps: Needs,
): Promise<{ operation: string; delivery: Delivery; survey: Survey; language: string } | undefined> {
  const link = readLink(deps.settings.signingKeys, token);
  if (link.kind === "invalid") return undefined;
  const delivery = (await deps.deliveries.read(link.payload))?.value;
  if (delivery === undefined || delivery.survey === null) return undefined;
  const survey = await deps.surveys.revision(delivery.survey.slug, delivery.survey.revision);
  return survey && { operation: link.payload, delivery, survey, language: delivery.mail.language };
}

function readForm(survey: Survey, form: URLSearchParams): { values: Columns; missing: string[] } {
  const values: Record<string, string | number> = {};
  const missing: string[] = [];
  for (const question of survey.questions) {
    const given = form.get(question.id);
    if (question.kind === "comment") {
      if (given !== null && given.trim() !== "") values[question.id] = given.slice(0, question.maxLength);
    } else {
      const option = question.options.find((number) => String(number) === given);
      if (option === undefined) missing.push(question.id);
      else values[question.id] = option;
    }
  }
  return { values, missing };
}

function formOf(survey: Survey, wanted: string): SurveyForm {
  const language = survey.variants[wanted] === undefined ? survey.fallback : wanted;
  const texts = survey.variants[language];
  const questions = survey.questions.map((question): FormQuestion => {
    const { id } = question;
    const { text = id, options = {} } = texts?.questions[id] ?? {};
    if (question.kind === "comment") return { kind: "comment", id, text, maxLength: question.maxLength };
    const labelled = question.options.map((option) => ({
      value: String(option),
      label: options[option] ?? String(option),
    }));
    return { kind: "rating", id, text, options: labelled };
  });
  const { intro, thanks } = texts ?? {};
  return {
    language,
    title: texts?.title ?? survey.name,
    questions,
    ...(intro === undefined ? {} : { intro }),
    ...(thanks === undefined ? {} : { thanks }),
  };
}
