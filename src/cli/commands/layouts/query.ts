import { findDataset } from '../../../config/domainbed/catalogue.js';
import { nearestNames } from '../../../config/suggestions.js';
import { HeldoutError } from '../../../core/errors.js';
import type { DomainRecord } from '../../../selection/index.js';
import type { TopQuery } from '../../../tables/domainbed/top.js';

/** Reads `dataset=VLCS algorithm=ERM test_env=0`; an environment may also be named. Throws HeldoutError. */
export function readQuery(
  overrides: readonly string[],
  records: readonly DomainRecord[],
  usage: string,
): TopQuery {
  const refuse = (message: string, hints: readonly string[] = []) =>
    new HeldoutError({ code: 'E_USAGE', message, place: 'command line', hints: [...hints, usage] });
  const given = new Map<string, string>();
  for (const word of overrides) {
    const [, key, value] = /^(dataset|algorithm|test_env)=(.+)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) throw refuse(`top takes no '${word}'`);
    given.set(key, value);
  }
  const read = (
    key: string,
    among: readonly DomainRecord[],
    tell: (record: DomainRecord) => readonly string[],
  ) => {
    const there = [...new Set(among.flatMap(tell))].sort();
    const value = given.get(key);
    if (value === undefined) throw refuse(`top needs ${key}=`, [`${key} is one of ${there.join(', ')}`]);
    const found = key === 'test_env' ? environmentIndex(given.get('dataset')!, value) : value;
    if (there.includes(found)) return found;
    throw refuse(`no record has ${key}=${value}`, [
      ...nearestNames(value, there, 1).map((near) => `did you mean ${key}=${near}?`),
      `${key} is one of ${there.join(', ')}`,
    ]);
  };
  const dataset = read('dataset', records, ({ args }) => [args.dataset]);
  const ofDataset = records.filter(({ args }) => args.dataset === dataset);
  const algorithm = read('algorithm', ofDataset, ({ args }) => [args.algorithm]);
  const ofAlgorithm = ofDataset.filter(({ args }) => args.algorithm === algorithm);
  const testEnvironment = read('test_env', ofAlgorithm, ({ args }) => args.test_envs.map(String));
  return { dataset, algorithm, testEnvironment: Number(testEnvironment) };
}

/** The number of an environment that is called by its name; numbers that are names mean the number. */
function environmentIndex(dataset: string, value: string): string {
  if (/^\d+$/.test(value)) return value;
  const index = findDataset(dataset)?.environments.indexOf(value) ?? -1;
  return index < 0 ? value : String(index);
}
