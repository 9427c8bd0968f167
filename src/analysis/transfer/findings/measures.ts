import type { FindingsRule } from '../../../config/index.js';
import { meanOfAltered } from '../altered.js';
import type { Measure } from './domains.js';

/** Metrics by the names of the rule; accuracies under attack and under corruption are means over those that there are. */
export function listMeasures({ metrics, adversarial }: FindingsRule): Readonly<Record<string, Measure>> {
  return {
    accuracy: (own) => own.accuracy!,
    ...Object.fromEntries(
      metrics.map((name) => [name, (own) => own[name] ?? Number.NaN] as [string, Measure]),
    ),
    adversarial: (own) => meanOfAltered(own, 'attacked', adversarial),
    corrupted: (own) => meanOfAltered(own, 'corrupted', adversarial),
  };
}

/** As tables show a metric of the rule. */
export function showMeasure(name: string): string {
  const known: Readonly<Record<string, string>> = {
    cross_entropy: 'NLL',
    ece: 'ECE',
    brier: 'Brier',
    inferred_group_disparity: 'disparity of inferred groups',
    adversarial: 'accuracy under attack',
    corrupted: 'accuracy under corruption',
  };
  return known[name] ?? name.replaceAll('_', ' ');
}
