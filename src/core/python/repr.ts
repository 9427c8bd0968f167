import { isList, PythonFloat, PythonTuple, type PythonValue } from './value.js';

/** What Python's `repr` writes, for `None`, `bool`, `int`, `float`, `str`, `list`, `tuple` and `dict`. */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return stringRepr(value);
  if (typeof value === 'number') return Number.isInteger(value) ? intRepr(value) : floatRepr(value);
  if (value instanceof PythonFloat) return floatRepr(value.value);
  if (value instanceof PythonTuple) {
    const items = value.items.map(pythonRepr).join(', ');
    return value.items.length === 1 ? `(${items},)` : `(${items})`;
  }
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${stringRepr(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`;
}

/** What Python's `str` writes: a string without quotes, anything else as `repr`. */
export function pythonText(value: PythonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

export function intRepr(value: number): string {
  return BigInt(value).toString();
}

/**
 * The shortest digits that read back as the same float, as JavaScript finds them too, laid out as Python does:
 * with an exponent of at least two digits from 1e16 on and below 1e-4, else with a point.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, power] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${rest}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Single quotes unless the text has some and no double ones; what cannot be printed is escaped. */
function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const character of text) {
    if (character === quote) out += `\\${quote}`;
    else out += short[character] ?? (isPrintable(character) ? character : escapeCode(character));
  }
  return `${quote}${out}${quote}`;
}

/** As `str.isprintable`: no control, format, surrogate, private or unassigned character, no space but ' '. */
function isPrintable(character: string): boolean {
  return character === ' ' || !/[\p{C}\p{Z}]/u.test(character);
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
