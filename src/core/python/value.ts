/**
 * A float of Python that happens to be whole: what tells `1.0` from `1` where text must be Python's. Other
 * floats are plain numbers, and a whole plain number is an int.
 */
export class PythonFloat {
  constructor(readonly value: number) {}
}

/** A tuple of Python, which an array is not: arrays are lists. */
export class PythonTuple {
  constructor(readonly items: readonly PythonValue[]) {}
}

export type PythonValue =
  | null
  | boolean
  | number
  | string
  | PythonFloat
  | PythonTuple
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** The number as Python's float, whole or not. */
export function float(value: number): PythonFloat {
  return new PythonFloat(value);
}

/** A value without Python's distinction of 1.0 and 1. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export function toPlain(value: PythonValue): Plain {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof PythonFloat) return value.value;
  if (value instanceof PythonTuple) return value.items.map(toPlain);
  if (isList(value)) return value.map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

export function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}
