import { type Filter, isFalsy, type Liquid, type Token, TypeGuards, toValueSync, type Value } from "liquidjs";
import type { QuickContext } from "./quick-context.ts";
import { Shown } from "./shown-values.ts";
import { isGroup, isOwn, isRoot, shownAt, valueAt } from "./view.ts";

/** Finds a value without the generators that liquidjs needs for values that may be promises. Ours never are. */
export type Evaluate = (context: QuickContext) => unknown;

/** The value before its filters, and then through these of them. */
export function quickValue(value: Value, filters: readonly Filter[], engine: Liquid): Evaluate {
  const initial = quickExpression(value.initial.postfix, engine);
  const start: Evaluate = initial ?? ((context) => toValueSync(value.initial.evaluate(context)));
  return filters.map((filter) => quickFilter(filter, engine)).reduce(through, start);
}

function through(before: Evaluate, filter: (value: unknown, context: QuickContext) => unknown): Evaluate {
  return (context) => filter(before(context), context);
}

function quickFilter(filter: Filter, engine: Liquid): (value: unknown, context: QuickContext) => unknown {
  const given = engine.filters[filter.name];
  const handler = typeof given === "function" ? given : given?.handler;
  const args = filter.args.map((arg) => (Array.isArray(arg) ? undefined : operand(arg)));
  const known = args.filter((arg) => arg !== undefined);
  // `name: value` arguments, and arguments that only the engine can evaluate.
  if (handler === undefined || known.length < args.length)
    return (value, context) => toValueSync(filter.render(value, context));
  const token = undefined as never;
  const [argument, ...more] = known;
  return (value, context) => {
    const self = { context, token, liquid: engine };
    const found: unknown =
      argument === undefined || more.length > 0
        ? handler.call(self, value, ...known.map((arg) => arg(context)))
        : handler.call(self, value, argument(context));
    return typeof found === "object" ? toValueSync(found) : found;
  };
}

/** The value of one token; undefined where only the engine can evaluate it. */
export function quickToken(token: Token, engine: Liquid): Evaluate | undefined {
  return quickExpression([token], engine);
}

/** An expression in postfix as one function; undefined where only the engine can evaluate it. */
function quickExpression(postfix: readonly Token[], engine: Liquid): Evaluate | undefined {
  const operands: Evaluate[] = [];
  for (const token of postfix) {
    const next = TypeGuards.isOperatorToken(token) ? operation(token.operator, operands, engine) : operand(token);
    if (next === undefined) return undefined;
    operands.push(next);
  }
  return operands.length === 1 ? operands[0] : undefined;
}

function operation(operator: string, operands: Evaluate[], engine: Liquid): Evaluate | undefined {
  const right = operands.pop();
  if (right === undefined) return undefined;
  if (operator === "not") return (context) => isFalsy(right(context), context);
  const left = operands.pop();
  if (left === undefined) return undefined;
  if (operator === "and") return (context) => !isFalsy(left(context), context) && !isFalsy(right(context), context);
  if (operator === "or") return (context) => !isFalsy(left(context), context) || !isFalsy(right(context), context);
  const own = COMPARE[operator];
  const theirs = engine.options.operators[operator];
  return (context) => {
    const mine = left(context);
    const other = right(context);
    if (own !== undefined && isPlain(other)) {
      if (isPlain(mine)) return own.plain(mine, other);
      if (mine instanceof Shown) return own.shown(mine, other);
    }
    // Lists, `nil`, `blank` and the like compare by liquidjs' own rules.
    return toValueSync(theirs?.(mine, other, context));
  };
}

type Plain = string | number | boolean | null | undefined;

function isPlain(value: unknown): value is Plain {
  return typeof value !== "object" || value === null;
}

interface Comparison {
  plain(one: Plain, other: Plain): boolean;
  shown(one: Shown, other: Plain): boolean;
}

const COMPARE: Readonly<Record<string, Comparison>> = {
  "==": { plain: (one, other) => one === other, shown: (one, other) => one.equals(other) },
  "!=": { plain: (one, other) => one !== other, shown: (one, other) => !one.equals(other) },
};

/** A literal's or a path's value; undefined for what only the engine can evaluate. */
function operand(token: Token): Evaluate | undefined {
  if (TypeGuards.isNumberToken(token) || TypeGuards.isQuotedToken(token) || TypeGuards.isLiteralToken(token)) {
    const { content } = token;
    return () => content;
  }
  const path = plainPath(token);
  if (path === undefined) return undefined;
  const [first = "", ...names] = path;
  const byEngine: Evaluate = (context) => toValueSync(context._get(path));
  if (path.some((name) => COMPUTED.includes(name) || !isOwn(name))) return byEngine;
  const field = path.join(".");
  if (isRoot(first)) return (context) => shownAt(context.view, path, field);
  if (names.length === 0) return (context) => context.local(first);
  return (context) => {
    const local = context.local(first);
    // A value with words of its own, or a list, has more to read than its columns: the engine knows which.
    return isGroup(local) ? valueAt(local, names) : byEngine(context);
  };
}

// What liquidjs answers for every list and text, own property or not.
const COMPUTED: readonly string[] = ["size", "first", "last"];

/** The names of a path such as `event.title`. */
function plainPath(token: Token): string[] | undefined {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return undefined;
  const names: string[] = [];
  for (const part of token.props) {
    if (!TypeGuards.isWordToken(part) && !TypeGuards.isQuotedToken(part)) return undefined;
    names.push(part.content);
  }
  return names;
}
