import { randomUUID } from "node:crypto";
import type { MessageView } from "./message-view.ts";
import { systemField } from "./message-view.ts";
import { SqlError, type Token, tokensOf } from "./sql-tokens.ts";

/** Gives an expression's value for a message; undefined is SQL's unknown. */
export type Expression = (message: MessageView) => unknown;

/** A property that an expression names. */
export interface PropertyName {
  readonly scope: "sys" | "user";
  readonly name: string;
}

/** Reads one SQL-92 subset expression after the other from a text: the grammar of Service Bus filters and actions. */
export class SqlParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Throws a SqlError if anything is left. */
  end(): void {
    if (!this.atEnd) throw new SqlError(`"${this.#shown()}" was not expected here`);
  }

  /** Takes the next token if it is this word or symbol. */
  take(text: string): boolean {
    const token = this.#tokens[this.#at];
    const word = token?.kind === "word" && !token.quoted && token.text.toUpperCase() === text;
    if (!word && !(token?.kind === "symbol" && token.text === text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new SqlError(`${text} was expected before "${this.#shown()}"`);
  }

  property(): PropertyName {
    const first = this.#word();
    const scope = first.toLowerCase();
    if ((scope !== "sys" && scope !== "user") || !this.take(".")) return { scope: "user", name: first };
    const name = this.#word();
    if (scope === "sys" && systemField(name) === undefined) throw new SqlError(`there is no system property ${name}`);
    return { scope, name };
  }

  /** The lowest precedence: OR, then AND, NOT, predicates, sums, products, signs. */
  expression(): Expression {
    let left = this.#and();
    while (this.take("OR")) {
      const [a, b] = [left, this.#and()];
      left = (message) => or(truth(a(message)), () => truth(b(message)));
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.take("AND")) {
      const [a, b] = [left, this.#not()];
      left = (message) => not(or(not(truth(a(message))), () => not(truth(b(message)))));
    }
    return left;
  }

  #not(): Expression {
    if (!this.take("NOT")) return this.#predicate();
    const inner = this.#not();
    return (message) => not(truth(inner(message)));
  }

  #predicate(): Expression {
    const left = this.#sum();
    for (const [symbol, compare] of COMPARISONS) {
      if (!this.take(symbol)) continue;
      const right = this.#sum();
      return (message) => compareValues(left(message), right(message), compare);
    }
    if (this.take("IS")) {
      const wanted = !this.take("NOT");
      this.expect("NULL");
      return (message) => (left(message) === undefined) === wanted;
    }
    const negated = this.take("NOT");
    const test = this.take("IN") ? this.#in(left) : this.take("LIKE") ? this.#like(left) : undefined;
    if (test === undefined && negated) throw new SqlError(`IN or LIKE was expected before "${this.#shown()}"`);
    if (test === undefined) return left;
    return negated ? (message) => not(truth(test(message))) : test;
  }

  #in(left: Expression): Expression {
    this.expect("(");
    const items = [this.#sum()];
    while (this.take(",")) items.push(this.#sum());
    this.expect(")");
    return (message) => {
      const value = left(message);
      if (value === undefined) return undefined;
      return items.map((item) => compareValues(value, item(message), equal)).reduce((a, b) => or(truth(a), () => b));
    };
  }

  #like(left: Expression): Expression {
    const pattern = this.#sum();
    const escapeChar = this.take("ESCAPE") ? this.#sum() : undefined;
    return (message) => {
      const [value, like] = [left(message), pattern(message)];
      if (typeof value !== "string" || typeof like !== "string") return undefined;
      return likePattern(like, escapeChar?.(message)).test(value);
    };
  }

  #sum(): Expression {
    return this.#arithmetic(() => this.#product(), ["+", "-"]);
  }

  #product(): Expression {
    return this.#arithmetic(() => this.#sign(), ["*", "/", "%"]);
  }

  #arithmetic(next: () => Expression, operators: readonly Operator[]): Expression {
    let left = next();
    for (;;) {
      const found = operators.find((symbol) => this.take(symbol));
      if (found === undefined) return left;
      const [a, b] = [left, next()];
      left = (message) => calculate(a(message), b(message), found);
    }
  }

  #sign(): Expression {
    if (this.take("+")) return this.#sign();
    if (!this.take("-")) return this.#primary();
    const inner = this.#sign();
    return (message) => calculate(0n, inner(message), "-");
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at];
    if (token?.kind === "text" || token?.kind === "number") {
      this.#at++;
      return () => token.value;
    }
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (this.take("TRUE")) return () => true;
    if (this.take("FALSE")) return () => false;
    if (this.take("NULL")) return () => undefined;
    if (this.take("EXISTS")) {
      this.expect("(");
      const property = this.property();
      this.expect(")");
      if (property.scope === "sys") return (message) => readProperty(message, property) !== undefined;
      return (message) => message.userName(property.name) !== undefined;
    }
    const property = this.property();
    return this.take("(") ? this.#call(property.name) : (message) => readProperty(message, property);
  }

  #call(name: string): Expression {
    const argument = this.take(")") ? undefined : this.expression();
    if (argument !== undefined) this.expect(")");
    if (/^newid$/i.test(name) && argument === undefined) return () => randomUUID();
    if (/^(p|property)$/i.test(name) && argument !== undefined)
      return (message) => message.user(String(argument(message)));
    throw new SqlError(`there is no function ${name}`);
  }

  #word(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "word") throw new SqlError("a property's name was expected");
    return token.text;
  }

  #shown(): string {
    const token = this.#tokens[this.#at];
    return token === undefined ? "the end" : String("text" in token ? token.text : token.value);
  }
}

const readProperty = (message: MessageView, { scope, name }: PropertyName) =>
  scope === "sys" ? message.system(name) : message.user(name);

type Compare = (order: number) => boolean;
const equal: Compare = (order) => order === 0;
const COMPARISONS: readonly (readonly [string, Compare])[] = [
  ["=", equal],
  ["<>", (order) => order !== 0],
  ["!=", (order) => order !== 0],
  [">=", (order) => order >= 0],
  ["<=", (order) => order <= 0],
  [">", (order) => order > 0],
  ["<", (order) => order < 0],
];

/** Values of different types, and anything unknown, compare as unknown. */
function compareValues(left: unknown, right: unknown, compare: Compare): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (typeof left !== typeof right && !(isNumber(left) && isNumber(right))) return undefined;
  const [a, b] = [left as number, right as number]; // of one type, or a whole number and one that is not
  return compare(a < b ? -1 : a > b ? 1 : 0);
}

type Operator = "+" | "-" | "*" | "/" | "%";
const REAL: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};
const WHOLE: Readonly<Record<Operator, (a: bigint, b: bigint) => bigint | undefined>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0n ? undefined : a / b),
  "%": (a, b) => (b === 0n ? undefined : a % b),
};

/** By C#'s rules, as Azure does: two whole numbers give a whole one, and texts may be joined. */
function calculate(left: unknown, right: unknown, operator: Operator): unknown {
  if (typeof left === "bigint" && typeof right === "bigint") return WHOLE[operator](left, right);
  if (isNumber(left) && isNumber(right)) return REAL[operator](Number(left), Number(right));
  return operator === "+" && typeof left === "string" && typeof right === "string" ? left + right : undefined;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

const truth = (value: unknown) => (typeof value === "boolean" ? value : undefined);
const not = (value: boolean | undefined) => (value === undefined ? undefined : !value);
function or(left: boolean | undefined, right: () => boolean | undefined): boolean | undefined {
  if (left === true) return true;
  const other = right();
  return other === true ? true : left === undefined ? undefined : other;
}

function likePattern(like: string, escapeChar: unknown): RegExp {
  let source = "";
  for (let at = 0; at < like.length; at++) {
    const char = like.charAt(at);
    if (char === escapeChar) source += literal(like.charAt(++at));
    else if (char === "%") source += "[^]*";
    else if (char === "_") source += "[^]";
    else source += literal(char);
  }
  return new RegExp(`^${source}$`);
}

/** A character as a pattern that matches only it. */
function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
}
