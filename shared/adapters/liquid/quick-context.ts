import { Context, type Liquid } from "liquidjs";
import { SPENT, type View } from "./view.ts";

const SYNC = { sync: true };

/** A part's names, which also finds those of the template itself without a generator. */
export class QuickContext extends Context {
  readonly #inner: Readonly<Record<string, unknown>>[] = [];
  readonly view: View;

  /** Time and memory are those of the whole mail: a part has what the parts before it left. */
  constructor(view: View, engine: Liquid) {
    super(view, engine.options, SYNC, { liquid: engine, ...view[SPENT] });
    view[SPENT] ??= { memoryLimit: this.memoryLimit, renderLimit: this.renderLimit };
    this.view = view;
  }

  override push(scope: object): number {
    this.#inner.push(scope as Readonly<Record<string, unknown>>);
    return super.push(scope);
  }

  override pop() {
    this.#inner.pop();
    return super.pop();
  }

  /** What a loop, an assignment or a capture put under this name; the innermost hides the others. */
  local(name: string): unknown {
    for (let at = this.#inner.length - 1; at >= 0; at--) {
      const scope = this.#inner[at];
      if (scope !== undefined && Object.hasOwn(scope, name)) return scope[name];
    }
    const outermost = this.bottom() as Readonly<Record<string, unknown>>;
    return Object.hasOwn(outermost, name) ? outermost[name] : undefined;
  }
}
