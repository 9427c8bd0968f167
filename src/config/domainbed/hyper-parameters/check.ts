import { HeldoutError, HeldoutErrors } from '../../../core/errors.js';
import { pythonText } from '../../../core/python/repr.js';
import { PythonFloat } from '../../../core/python/value.js';
import { listNames, nearestNames } from '../../suggestions.js';
import type { Draw, HyperParameter, Range, Value } from './hyper-parameter.js';
import { hyperParametersOf } from './registry.js';

/** Throws HeldoutErrors that name every value which is not the algorithm's, or is outside its range. */
export function checkHyperParameters(
  algorithm: string,
  dataset: string,
  values: Readonly<Record<string, Value>>,
): void {
  const known = hyperParametersOf(algorithm, dataset);
  const errors = Object.entries(values).flatMap(([name, value]): HeldoutError[] => {
    const parameter = known.find((each) => each.name === name);
    if (parameter === undefined) return [unknown(algorithm, name, known)];
    return isWithin(value, parameter.range) ? [] : [outside(parameter, value)];
  });
  if (errors.length > 0) throw new HeldoutErrors(errors);
}

function isWithin(value: Value, range: Range): boolean {
  if (typeof value === 'boolean' || typeof value === 'string')
    return 'of' in range && range.of.includes(value);
  const number = value instanceof PythonFloat ? value.value : value;
  if ('of' in range || (range.whole && !Number.isInteger(number))) return false;
  return number >= range.low && number <= range.high;
}

function outside({ name, initial, draw, range }: HyperParameter, value: Value): HeldoutError {
  return new HeldoutError({
    code: 'E_HYPER_PARAMETER',
    message: `${name} must be ${describeRange(range)}, not ${pythonText(value)}`,
    place: name,
    hints: [`DomainBed's default is ${pythonText(initial)}; its random search draws ${describeDraw(draw)}`],
  });
}

function unknown(algorithm: string, name: string, known: readonly HyperParameter[]): HeldoutError {
  const names = known.map((each) => each.name);
  return new HeldoutError({
    code: 'E_HYPER_PARAMETER',
    message: `${algorithm} has no hyper-parameter '${name}'`,
    place: name,
    hints: [
      ...nearestNames(name, names, 1).map((near) => `did you mean ${near}?`),
      `it has ${listNames(names)}`,
    ],
  });
}

function describeRange(range: Range): string {
  if ('of' in range) return range.of.map(pythonText).join(' or ');
  const kind = range.whole ? 'a whole number' : 'a number';
  return range.high === Number.POSITIVE_INFINITY
    ? `${kind} of at least ${range.low}`
    : `${kind} from ${range.low} to ${range.high}`;
}

function describeDraw(draw: Draw): string {
  if (draw.kind === 'constant') return pythonText(draw.value);
  if (draw.kind === 'choice') return `one of ${[...new Set(draw.of.map(pythonText))].join(', ')}`;
  const from = draw.kind === 'power' ? `${draw.base}^${draw.low}` : draw.low;
  const to = draw.kind === 'power' ? `${draw.base}^${draw.high}` : draw.high;
  return `from ${from} to ${to}${draw.kind === 'power' ? ', evenly in the exponent' : ''}`;
}
