import type { DomainRecord } from './domain-record.js';
import type { Checkpoint, MissingPartner, SelectionRule } from './rule.js';

/** What one number of a table is chosen from: all trainings that leave out an environment, alone or beside another. */
export interface DomainGroup {
  readonly dataset: string;
  readonly algorithm: string;
  readonly trial: number;
  readonly testEnvironment: number;
  readonly records: readonly DomainRecord[];
}

/** What a rule found for one draw of hyper-parameters. */
export interface JudgedRun extends Checkpoint {
  readonly hparamsSeed: number;
  /** Of all its trainings, in the order in which they were read. */
  readonly records: readonly DomainRecord[];
}

export interface Selection {
  readonly group: DomainGroup;
  readonly rule: SelectionRule;
  /** Best first; of equal ones the higher seed first, as DomainBed has it. Not a number comes last. */
  readonly runs: readonly JudgedRun[];
  /** The chosen run and checkpoint; undefined where there is none, an X in tables. */
  readonly chosen: JudgedRun | undefined;
  /** What the rule lacked, by draw of hyper-parameters. */
  readonly missing: readonly (MissingPartner & { readonly hparamsSeed: number })[];
}

/** Records by trial, dataset, algorithm and test environment; a record with two of these is in two groups. */
export function groupRecords(records: readonly DomainRecord[]): DomainGroup[] {
  const groups = new Map<string, DomainGroup & { readonly records: DomainRecord[] }>();
  for (const record of records) {
    const { dataset, algorithm, trial_seed: trial, test_envs: environments } = record.args;
    for (const testEnvironment of environments) {
      const key = JSON.stringify([trial, dataset, algorithm, testEnvironment]);
      const group = groups.get(key);
      if (group !== undefined) group.records.push(record);
      else groups.set(key, { dataset, algorithm, trial, testEnvironment, records: [record] });
    }
  }
  return [...groups.values()];
}

/** Chooses in one group. Throws HeldoutError where a record lacks an accuracy that the rule needs. */
export function select(group: DomainGroup, rule: SelectionRule): Selection {
  const records = rule.prepare?.(group.records) ?? group.records;
  const runs: JudgedRun[] = [];
  const missing: (MissingPartner & { readonly hparamsSeed: number })[] = [];
  for (const [hparamsSeed, own] of groupBySeed(records)) {
    const outcome = rule.choose(own, group.testEnvironment);
    if (outcome.checkpoint !== undefined) runs.push({ ...outcome.checkpoint, hparamsSeed, records: own });
    missing.push(...outcome.missing.map((partner) => ({ ...partner, hparamsSeed })));
  }
  runs.sort((a, b) => rank(a) - rank(b)).reverse();
  return { group, rule, runs, chosen: runs[0], missing };
}

/** In the order of the seeds. */
function groupBySeed(records: readonly DomainRecord[]): [number, DomainRecord[]][] {
  const groups = new Map<number, DomainRecord[]>();
  for (const record of records) {
    const seed = record.args.hparams_seed;
    const group = groups.get(seed);
    if (group === undefined) groups.set(seed, [record]);
    else group.push(record);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

function rank({ validation }: JudgedRun): number {
  return Number.isNaN(validation) ? -Number.MAX_VALUE : validation;
}
