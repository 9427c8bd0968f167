/** Looks up a name of an expression: a config key. */
type Lookup = (key: string) => number;

const FUNCTIONS: Readonly<
  Record<string, { least: number; most: number; apply(values: readonly number[]): number }>
> = {
  min: { least: 1, most: Infinity, apply: (values) => Math.min(...values) },
  max: { least: 1, most: Infinity, apply: (values) => Math.max(...values) },
  round: { least: 1, most: 2, apply: ([value, digits]) => roundHalfEven(value as number, digits ?? 0) },
  log: { least: 1, most: 2, apply: ([value, base]) => logarithm(value as number, base) },
};

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*(?:\.\w+)*)|(\*\*|\/\/|[-+*/%(),]))/y;

/**
 * Evaluates `+ - * / // % **`, parentheses, `min max round log` and config keys, with Python's meaning
 * (`//` and `%` round down, `round` rounds halves to even). Throws `RangeError` with the reason.
 */
export function evaluate(expression: string, lookup: Lookup): number {
  const tokens = tokenize(expression);
  let at = 0;
  const take = (...wanted: string[]) => (wanted.includes(tokens[at] ?? '') ? tokens[at++] : undefined);

  function sum(): number {
    let left = product();
    for (let mark = take('+', '-'); mark !== undefined; mark = take('+', '-')) {
      const right = product();
      left = mark === '+' ? left + right : left - right;
    }
    return left;
  }

  function product(): number {
    let left = signed();
    for (let mark = take('*', '/', '//', '%'); mark !== undefined; mark = take('*', '/', '//', '%')) {
      left = multiply(mark, left, signed());
    }
    return left;
  }

  function signed(): number {
    const mark = take('+', '-');
    if (mark === undefined) return power();
    return mark === '-' ? -signed() : signed();
  }

  function power(): number {
    const base = atom();
    return take('**') === undefined ? base : base ** signed();
  }

  function atom(): number {
    const token = tokens[at];
    if (token === undefined) throw new RangeError('the expression ends too early');
    at += 1;
    if (token === '(') {
      const value = sum();
      if (take(')') === undefined) throw new RangeError("a ')' is missing");
      return value;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new RangeError(`'${token}' stands where a value should`);
    return tokens[at] === '(' ? call(token) : lookup(token);
  }

  function call(name: string): number {
    const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (found === undefined) {
      throw new RangeError(`there is no function '${name}', only ${Object.keys(FUNCTIONS).join(', ')}`);
    }
    at += 1;
    const values: number[] = [];
    do values.push(sum());
    while (take(',') !== undefined);
    if (take(')') === undefined) throw new RangeError("a ')' is missing");
    if (values.length < found.least || values.length > found.most) {
      throw new RangeError(`${name}() takes ${found.least} to ${found.most} values`);
    }
    return found.apply(values);
  }

  const value = sum();
  if (at < tokens.length) throw new RangeError(`'${tokens[at]}' was not expected`);
  if (!Number.isFinite(value)) throw new RangeError(`the result is ${value}`);
  return value + 0;
}

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = expression.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new RangeError(`'${text.slice(start).trim()[0]}' has no meaning here`);
    tokens.push((match[1] ?? match[2] ?? match[3]) as string);
  }
  return tokens;
}

function multiply(mark: string, left: number, right: number): number {
  if (mark === '*') return left * right;
  if (right === 0) throw new RangeError('a division by zero');
  if (mark === '/') return left / right;
  return mark === '//' ? Math.floor(left / right) : left - right * Math.floor(left / right);
}

function roundHalfEven(value: number, digits: number): number {
  const scaled = value * 10 ** digits;
  const floor = Math.floor(scaled);
  const half = scaled - floor === 0.5;
  const rounded = half ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return digits > 0 ? Number((rounded / 10 ** digits).toFixed(Math.min(digits, 20))) : rounded / 10 ** digits;
}

function logarithm(value: number, base: number | undefined): number {
  if (value <= 0 || (base !== undefined && (base <= 0 || base === 1)))
    throw new RangeError('log() of this is not defined');
  if (base === undefined) return Math.log(value);
  if (base === 2) return Math.log2(value);
  return base === 10 ? Math.log10(value) : Math.log(value) / Math.log(base);
}
