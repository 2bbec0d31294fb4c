import type { CustomTrigger } from "../trigger.ts";
import { browser } from "./browser.ts";
import { csharp } from "./csharp.ts";
import { curl } from "./curl.ts";
import { powerAutomate } from "./power-automate.ts";
import { python } from "./python.ts";
import { sampleOf } from "./sample.ts";
import { typescript } from "./typescript.ts";

export interface Snippet {
  readonly language: "typescript" | "csharp" | "python" | "curl" | "browser" | "power-automate";
  /** A name to save it under. */
  readonly file: string;
  readonly code: string;
}

/**
 * How to fire a trigger, in each language: to be pasted, and run as it is. Secret keys are read from the environment;
 * the browser's stands in its snippet, since it stands in the page too.
 */
export function snippetsOf(trigger: CustomTrigger, publicUrl: string, browserKey: string): readonly Snippet[] {
  const it = sampleOf(trigger, publicUrl);
  return [
    { language: "typescript", file: `send-${trigger.slug}.ts`, code: typescript(it) },
    { language: "csharp", file: `${it.pascal}.cs`, code: csharp(it) },
    { language: "python", file: `send_${it.snake}.py`, code: python(it) },
    { language: "curl", file: `send-${trigger.slug}.sh`, code: curl(it) },
    { language: "browser", file: `send-${trigger.slug}.js`, code: browser(it, browserKey) },
    { language: "power-automate", file: `${trigger.slug}.txt`, code: powerAutomate(it) },
  ];
}
