import { badQuery } from "../errors.ts";
import { lex, type Token } from "./lexer.ts";

export type Literal = string | number | boolean | null;
export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

/** What `$filter` says, before anybody knows the table. */
export type Filter =
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "path"; readonly path: readonly string[] }
  | { readonly kind: "compare"; readonly op: Comparison; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "in"; readonly of: Filter; readonly values: readonly Literal[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Filter[] }
  /** Dataverse's own functions: named arguments, some of them lists. */
  | {
      readonly kind: "query-function";
      readonly name: string;
      readonly args: Readonly<Record<string, readonly Literal[]>>;
    }
  | {
      readonly kind: "lambda";
      readonly path: readonly string[];
      readonly quantifier: "any" | "all";
      readonly variable: string;
      readonly body: Filter | undefined;
    };

const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);
const CRM = "Microsoft.Dynamics.CRM.";

/** Parses `$filter`. @throws ODataError 400 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(text);
  const filter = parser.or();
  parser.end();
  return filter;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lex(text);
  }

  or(): Filter {
    let left = this.#and();
    while (this.#takes("name", "or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  end(): void {
    if (this.#peek().kind !== "end") throw this.#error();
  }

  #and(): Filter {
    let left = this.#not();
    while (this.#takes("name", "and")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Filter {
    if (this.#takes("name", "not")) return { kind: "not", of: this.#not() };
    const left = this.#operand();
    const { kind, text } = this.#peek();
    if (kind !== "name") return left;
    if (COMPARISONS.has(text)) {
      this.#at += 1;
      return { kind: "compare", op: text as Comparison, left, right: this.#operand() };
    }
    if (text !== "in") return left;
    this.#at += 1;
    this.#expect("(");
    const values = this.#list(")");
    return { kind: "in", of: left, values };
  }

  #operand(): Filter {
    if (this.#takes("mark", "(")) {
      const inner = this.or();
      this.#expect(")");
      return inner;
    }
    const token = this.#next();
    if (token.kind !== "name") return { kind: "literal", value: this.#literal(token) };
    if (token.text === "true" || token.text === "false" || token.text === "null")
      return { kind: "literal", value: this.#literal(token) };
    // An enumeration member of metadata: Microsoft.Dynamics.CRM.AttributeTypeCode'Lookup'
    const after = this.#peek();
    if (after.kind === "string" && token.text.includes(".")) return { kind: "literal", value: this.#next().text };
    if (this.#takes("mark", "("))
      return token.text.startsWith(CRM) ? this.#queryFunction(token.text) : this.#call(token.text);
    return this.#path(token.text);
  }

  #path(first: string): Filter {
    const path = [first];
    while (this.#takes("mark", "/")) {
      const { kind, text } = this.#next();
      if (kind !== "name") throw this.#error();
      if ((text === "any" || text === "all") && this.#takes("mark", "(")) return this.#lambda(path, text);
      if (text.startsWith(CRM) && this.#takes("mark", "(")) return this.#queryFunction(text);
      path.push(text);
    }
    return { kind: "path", path };
  }

  #lambda(path: readonly string[], quantifier: "any" | "all"): Filter {
    if (this.#takes("mark", ")")) return { kind: "lambda", path, quantifier, variable: "", body: undefined };
    const variable = this.#next().text;
    this.#expect(":");
    const body = this.or();
    this.#expect(")");
    return { kind: "lambda", path, quantifier, variable, body };
  }

  #call(name: string): Filter {
    const args: Filter[] = [];
    if (this.#takes("mark", ")")) return { kind: "call", name, args };
    do args.push(this.or());
    while (this.#takes("mark", ","));
    this.#expect(")");
    return { kind: "call", name, args };
  }

  #queryFunction(fullName: string): Filter {
    const args: Record<string, readonly Literal[]> = {};
    if (!this.#takes("mark", ")")) {
      do {
        const name = this.#next().text;
        this.#expect("=");
        args[name] = this.#takes("mark", "[") ? this.#list("]") : [this.#literal(this.#next())];
      } while (this.#takes("mark", ","));
      this.#expect(")");
    }
    return { kind: "query-function", name: fullName.slice(CRM.length), args };
  }

  #list(close: string): Literal[] {
    const values: Literal[] = [];
    if (this.#takes("mark", close)) return values;
    do values.push(this.#literal(this.#next()));
    while (this.#takes("mark", ","));
    this.#expect(close);
    return values;
  }

  #literal(token: Token): Literal {
    if (token.kind === "string" || token.kind === "guid" || token.kind === "date") return token.text;
    if (token.kind === "number") return Number(token.text);
    if (token.text === "true") return true;
    if (token.text === "false") return false;
    if (token.text === "null") return null;
    throw this.#error();
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: this.#text.length };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind === "end") throw this.#error();
    this.#at += 1;
    return token;
  }

  #takes(kind: Token["kind"], text: string): boolean {
    const token = this.#peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#takes("mark", mark)) throw this.#error();
  }

  #error(): Error {
    return badQuery(`Syntax error at position ${this.#peek().at} in '${this.#text}'.`);
  }
}
