import {
  type Context,
  Drop,
  type Emitter,
  type ForTag,
  type IfTag,
  isFalsy,
  type Liquid,
  type Template,
  type UnlessTag,
} from "liquidjs";
import type { QuickContext } from "./quick-context.ts";
import { quickToken, quickValue } from "./quick-values.ts";

/** Renders into the emitter; answers a generator only where it leaves the work to liquidjs. */
export type QuickRender = (context: QuickContext, emitter: Emitter) => unknown;

/** Renders what stands inside a tag. */
type Render = (templates: readonly Template[], context: QuickContext, emitter: Emitter) => void;

export function quickBranches(tag: IfTag | UnlessTag, engine: Liquid, render: Render): QuickRender {
  const branches = tag.branches.map((branch) => ({
    value: quickValue(branch.value, branch.value.filters, engine),
    test: "test" in branch ? branch.test : isTrue,
    templates: branch.templates,
  }));
  return (context, emitter) => {
    const taken = branches.find(({ value, test }) => test(value(context), context));
    const templates = taken?.templates ?? tag.elseTemplates;
    if (templates !== undefined) render(templates, context, emitter);
  };
}

function isTrue(value: unknown, context: Context): boolean {
  return !isFalsy(value, context);
}

/** A loop over a list; with modifiers, or over something else, it is liquidjs' own. */
export function quickFor(tag: ForTag, engine: Liquid, render: Render): QuickRender {
  const theirs = tag.render.bind(tag);
  const items = quickToken(tag.collection, engine);
  if (items === undefined || Object.keys(tag.hash.hash).length > 0) return theirs;
  const name = `${tag.variable}-${tag.collection.getText()}`;
  return (context, emitter) => {
    const list = items(context);
    if (!Array.isArray(list)) return theirs(context, emitter);
    if (list.length === 0) return void render(tag.elseTemplates, context, emitter);
    // Where a later loop with `offset: continue` goes on.
    context.setRegister(`continue-${name}`, list.length);
    const forloop = new Forloop(list.length, name);
    const scope: Record<string, unknown> = { forloop, [tag.variable]: undefined };
    context.push(scope);
    for (const item of list) {
      // Often enough: a loop within this one asks at its own first item.
      if (forloop.at % 16 === 0) context.renderLimit.check(performance.now());
      scope[tag.variable] = item;
      context.continueCalled = context.breakCalled = false;
      render(tag.templates, context, emitter);
      if (context.breakCalled) break;
      forloop.at++;
    }
    context.continueCalled = context.breakCalled = false;
    context.pop();
    return undefined;
  };
}

/** What a loop tells of itself: Liquid's `forloop`. */
class Forloop extends Drop {
  at = 0;
  readonly length: number;
  readonly name: string;

  constructor(length: number, name: string) {
    super();
    this.length = length;
    this.name = name;
  }

  get index0(): number {
    return this.at;
  }
  get index(): number {
    return this.at + 1;
  }
  get rindex0(): number {
    return this.length - this.at - 1;
  }
  get rindex(): number {
    return this.length - this.at;
  }
  get first(): boolean {
    return this.at === 0;
  }
  get last(): boolean {
    return this.at === this.length - 1;
  }
}
