import { HeldoutError } from '../../../core/errors.js';
import { isJsonObject } from '../../../core/json.js';
import { parsePythonJson } from '../../../core/python/json.js';
import { toPlain } from '../../../core/python/value.js';
import { firstLine } from '../../../core/text.js';
import type { DomainRecord } from '../../../selection/index.js';

/** Where a line stands, for errors. */
export interface LinePlace {
  readonly path: string;
  /** From 1 on. */
  readonly line: number;
  /** Whether a line feed ends it. */
  readonly whole: boolean;
}

/** Reads a line of results.jsonl. Throws HeldoutError, which names file and line, on what is no such record. */
export function parseRecord(text: string, place: LinePlace): DomainRecord {
  const value = parseLine(text, place);
  const lack = findLack(value);
  if (lack === undefined) return value as DomainRecord;
  throw damaged(place, `is no record of a training: ${lack}`);
}

function parseLine(text: string, place: LinePlace): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Python also writes NaN and Infinity, which a diverged loss is.
    try {
      return toPlain(parsePythonJson(text));
    } catch (error) {
      const reason = text.trim() === '' ? 'it is empty' : firstLine(error);
      throw damaged(place, place.whole ? `is no JSON: ${reason}` : 'was cut off while it was written');
    }
  }
}

function findLack(value: unknown): string | undefined {
  if (!isJsonObject(value)) return 'it is no object';
  const { args, hparams, step } = value;
  if (!isJsonObject(args)) return 'it has no args';
  if (!isJsonObject(hparams)) return 'it has no hparams';
  if (typeof step !== 'number') return 'it has no step';
  for (const name of ['dataset', 'algorithm']) {
    if (typeof args[name] !== 'string') return `args.${name} is no text`;
  }
  for (const name of ['hparams_seed', 'trial_seed']) {
    if (!isIndex(args[name])) return `args.${name} is no whole number`;
  }
  const environments = args.test_envs;
  if (!Array.isArray(environments) || !environments.every(isIndex))
    return 'args.test_envs is no list of numbers';
  return undefined;
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function damaged({ path, line }: LinePlace, message: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DOMAINBED_LINE',
    message: `this line ${message}`,
    place: `${path}:${line}`,
    hints: [
      `take the line out: sed -i '${line}d' '${path}'`,
      'or remove the folder of this job, and run it again',
      "DomainBed's own collect_results stops here too",
    ],
  });
}
