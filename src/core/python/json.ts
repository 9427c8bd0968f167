import { floatRepr, intRepr } from './repr.js';
import { float, isList, PythonFloat, PythonTuple, type PythonValue } from './value.js';

/**
 * What Python's `json.dumps(value, sort_keys=True)` writes: `", "` and `": "` between, floats as `repr`, NaN and
 * Infinity as such, everything beyond ASCII escaped.
 */
export function pythonJson(value: PythonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number') return Number.isInteger(value) ? intRepr(value) : jsonFloat(value);
  if (value instanceof PythonFloat) return jsonFloat(value.value);
  if (value instanceof PythonTuple) return pythonJson(value.items);
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${jsonString(key)}: ${pythonJson(value[key]!)}`).join(', ')}}`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatRepr(value);
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Strings, so that nothing in them is taken for a number; numbers; and the three words JSON does not have. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity/g;

/** No key that Python's `json` or anyone else writes. */
const mark = '\u0000float';

/**
 * Reads what Python's `json.dumps` writes, with NaN and Infinity, and keeps 1.0 apart from 1. Throws SyntaxError
 * on anything else.
 */
export function parsePythonJson(text: string): PythonValue {
  const marked = text.replace(tokens, (token) => {
    if (token.startsWith('"') || /^-?\d+$/.test(token)) return token;
    return `{${JSON.stringify(mark)}:"${token}"}`;
  });
  return JSON.parse(marked, (_, value) => {
    const token: unknown = typeof value === 'object' && value !== null ? value[mark] : undefined;
    return typeof token === 'string' ? float(Number(token)) : value;
  });
}
