import { floatRepr, pythonText } from '../../core/python/repr.js';
import type { PythonValue } from '../../core/python/value.js';
import { type DomainRecord, groupRecords, type SelectionRule, select } from '../../selection/index.js';

export interface TopQuery {
  readonly dataset: string;
  readonly algorithm: string;
  readonly testEnvironment: number;
}

/**
 * What DomainBed's list_top_hparams prints: for every rule and trial the draws of hyper-parameters, best first, with
 * their values and folders. `exactly` gives the hyper-parameters of a record as they were written, 1.0 apart from 1.
 * Accuracies are plain numbers, as with NumPy 1 (NumPy 2 would say np.float64 around some).
 */
export function topText(
  records: readonly DomainRecord[],
  rules: readonly SelectionRule[],
  query: TopQuery,
  exactly: (record: DomainRecord) => Readonly<Record<string, PythonValue>>,
): string {
  const groups = groupRecords(records).filter(
    (group) =>
      group.dataset === query.dataset &&
      group.algorithm === query.algorithm &&
      group.testEnvironment === query.testEnvironment,
  );
  const lines = [`Total records: ${records.length}`];
  for (const rule of rules) {
    lines.push(`Model selection: ${rule.name}`);
    for (const group of groups) {
      lines.push(`trial_seed: ${group.trial}`);
      for (const run of select(group, rule).runs) {
        const accuracies = `{'val_acc': ${floatRepr(run.validation)}, 'test_acc': ${floatRepr(run.test)}}`;
        const values = Object.entries(exactly(run.records[0]!)).sort(([a], [b]) => (a < b ? -1 : 1));
        const folders = new Set(run.records.map(({ args }) => args.output_dir ?? '?'));
        lines.push(`\t${accuracies}`, '\t\thparams:');
        lines.push(...values.map(([name, value]) => `\t\t\t${name}: ${pythonText(value)}`));
        lines.push('\t\toutput_dirs:', ...[...folders].map((folder) => `\t\t\t${folder}`));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
