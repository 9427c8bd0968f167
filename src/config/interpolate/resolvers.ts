import { wallClock } from '../../core/clock.js';
import { HeldoutError } from '../../core/errors.js';
import { parseElement } from '../overrides/parser.js';
import { plainValue } from '../overrides/value.js';
import type { Plain } from '../tree.js';
import { evaluate } from './arithmetic.js';
import { readDomainBed } from './domainbed.js';
import { formatTime } from './time.js';

/** What a resolver may know of the place where it stands. */
export interface Scope {
  /** The value of a key (relative with leading dots), or undefined when there is none. */
  select(key: string): Plain | undefined;
  /** Resolves interpolations in text that was made by another resolver. */
  resolveText(text: string): Plain;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Final options by group. */
  readonly choices: Readonly<Record<string, Plain>>;
  warn(message: string): void;
  /** Marks the value as one that changes from start to start. */
  dependOnTime(): void;
  /** The key that is being resolved, as text. */
  readonly key: string;
}

type Resolver = (given: readonly Plain[], scope: Scope) => Plain;

export function failResolver(message: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({ code: 'E_INTERPOLATION', message, hints });
}

function text(value: Plain | undefined, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw failResolver(`${what} must be text`);
}

function readVariable(given: readonly Plain[], { env }: Scope): Plain {
  const name = text(given[0], 'the variable of oc.env');
  const value = env[name];
  if (value !== undefined) return value;
  if (given.length < 2) {
    throw failResolver(`Environment variable '${name}' not found`, [
      `set it: ${name}=VALUE npm run experiment ...`,
      `give a default: \${oc.env:${name},DEFAULT}`,
    ]);
  }
  const fallback = given[1] as Plain;
  return fallback === null ? null : text(fallback, 'the default of oc.env');
}

function decode(given: readonly Plain[], scope: Scope): Plain {
  const [value] = given;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') throw failResolver('oc.decode takes text');
  return resolveInside(plainValue(parseElement(value)) as Plain, scope);
}

function resolveInside(value: Plain, scope: Scope): Plain {
  if (typeof value === 'string') return scope.resolveText(value);
  if (Array.isArray(value)) return value.map((item) => resolveInside(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveInside(item, scope)]));
}

function selectMap(
  given: readonly Plain[],
  scope: Scope,
  name: string,
): readonly (readonly [string, Plain])[] {
  const [target] = given;
  const value = typeof target === 'string' ? scope.select(target) : target;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw failResolver(`${name} takes the key of a map, not ${JSON.stringify(target ?? null)}`);
  }
  return Object.entries(value);
}

function useDeprecated(given: readonly Plain[], scope: Scope): Plain {
  const key = text(given[0], 'the key of oc.deprecated');
  const message =
    given[1] === undefined
      ? "'$OLD_KEY' is deprecated. Change your code and config to use '$NEW_KEY'"
      : text(given[1], 'the message');
  const value = scope.select(key);
  if (value === undefined) throw failResolver(`oc.deprecated: the key '${key}' does not exist`);
  scope.warn(message.replaceAll('$OLD_KEY', scope.key).replaceAll('$NEW_KEY', key));
  return value;
}

function calculate(given: readonly Plain[], scope: Scope): Plain {
  const [expression] = given;
  if (given.length !== 1) {
    throw failResolver('eval takes one expression', [
      `put it in quotes: \${eval:'max(1, training.steps // 10)'}`,
    ]);
  }
  if (typeof expression === 'number') return expression;
  try {
    return evaluate(text(expression, 'the expression of eval'), (key) => {
      const value = scope.select(key);
      if (value === undefined) throw new RangeError(`there is no key '${key}'`);
      if (typeof value !== 'number') throw new RangeError(`'${key}' is not a number`);
      return value;
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw failResolver(`eval '${expression}': ${error.message}`);
  }
}

function readRuntime(given: readonly Plain[], { choices }: Scope): Plain {
  const key = text(given[0], 'the key of hydra');
  const prefix = 'runtime.choices.';
  if (key.startsWith(prefix) && Object.hasOwn(choices, key.slice(prefix.length))) {
    return choices[key.slice(prefix.length)] as Plain;
  }
  throw failResolver(`hydra has no '${key}' here`, [`what can be asked is \${hydra:runtime.choices.GROUP}`]);
}

/** All resolvers there are: a config cannot add any. */
export const RESOLVERS: ReadonlyMap<string, Resolver> = new Map<string, Resolver>([
  ['oc.env', readVariable],
  ['oc.decode', decode],
  ['oc.create', ([value = null], scope) => (typeof value === 'string' ? decode([value], scope) : value)],
  [
    'oc.select',
    (given, scope) => {
      const value = scope.select(text(given[0], 'the key of oc.select'));
      return value === undefined ? (given[1] ?? null) : value;
    },
  ],
  ['oc.dict.keys', (given, scope) => selectMap(given, scope, 'oc.dict.keys').map(([key]) => key)],
  ['oc.dict.values', (given, scope) => selectMap(given, scope, 'oc.dict.values').map(([, value]) => value)],
  ['oc.deprecated', useDeprecated],
  [
    'now',
    (given, scope) => {
      scope.dependOnTime();
      return formatTime(text(given[0] ?? '%Y-%m-%d_%H-%M-%S', 'the format of now'), wallClock());
    },
  ],
  ['eval', calculate],
  ['domainbed', ([name], { select }) => readDomainBed(text(name, 'the name after domainbed:'), select)],
  ['hydra', readRuntime],
]);
