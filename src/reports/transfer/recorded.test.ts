import { expect, it } from 'vitest';
import type { RecordRow } from '../../evaluation/predictions.js';
import type { RunRecord } from '../../evaluation/record.js';
import { readRecorded } from './recorded.js';

const row = (set: string, metric: string, value: number, group: RecordRow['group'] = {}): RecordRow => ({
  ...{ set, metric, group, value, n: 10 },
});
const attack = { attack: 'apgd-dlr', norm: 'linf', size: '0.1' };
const record: RunRecord = {
  schema: 1,
  ...{ run: 'r', labels: {} },
  rows: [
    row('iid', 'accuracy', 0.9),
    row('iid', 'accuracy', 0.8, { target: 'class' }),
    row('iid', 'accuracy_under_attack', 0.9, { ...attack, attack: 'none', size: '0' }),
    row('iid', 'accuracy_under_attack', 0.2, attack),
    row('iid', 'accuracy_under_attack', 0.1, { ...attack, attack: 'all' }),
    row('iid', 'corrupted_accuracy', 0.5, { corruption: 'fog', severity: '3' }),
    row('iid', 'corrupted_ece', 0.3, { corruption: 'fog', severity: '3' }),
    row('ood', 'accuracy', 0.4),
    row('ood', 'accuracy', 0.3, { by: 'domain', group: 'sketch' }),
    row('ood', 'accuracy_under_attack', 0.05, { ...attack, domain: 'sketch' }),
    row('ood', 'accuracy_under_attack', 0.06, { ...attack, domain: 'photo' }),
  ],
};

it('reads what a record says of an environment, attacks and corruptions by their names', () => {
  expect(readRecorded(record, { set: 'iid', variable: 'domain', name: 'cartoon', alone: true })).toEqual({
    accuracy: 0.9,
    'accuracy@apgd-dlr-linf-0.1': 0.2,
    'accuracy@attack-all-linf-0.1': 0.1,
    'accuracy@fog-3': 0.5,
  });
});

it('takes of a set with several environments what names one of them', () => {
  expect(readRecorded(record, { set: 'ood', variable: 'domain', name: 'sketch', alone: false })).toEqual({
    accuracy: 0.3,
    'accuracy@apgd-dlr-linf-0.1': 0.05,
  });
});
