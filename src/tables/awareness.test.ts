import { expect, it } from 'vitest';
import { probeMetrics, probeNames } from '../evaluation/probes/rows.js';
import type { RunRecord } from '../evaluation/record.js';
import { makeRecords } from '../evaluation/testing/synthetic-records.js';
import { renderers } from './index.js';
import { studyTables } from './study-tables.js';

/** Records whose logistic probe tells 0.7, 0.8 and 0.9 of the test set, and baselines less. */
const records: readonly RunRecord[] = makeRecords({ models: ['mlp'], splits: ['statement'], seeds: 3 }).map(
  (record) => ({
    ...record,
    rows: [
      ...record.rows,
      ...probeNames.flatMap((probe, at) =>
        Object.values(probeMetrics).map((metric) => ({
          set: 'test',
          metric,
          group: { protected: 'sex', probe },
          value: 0.7 + Number(record.labels.seed) / 10 - at / 20,
          n: 100,
        })),
      ),
    ],
  }),
);

it('shows probes beside their baselines, with intervals over seeds', () => {
  const table = studyTables(records, { names: ['awareness'] })[0]!;
  expect(renderers.txt(table, { width: 200 })).toMatchInlineSnapshot(`
    "Awareness of sex by model on dsprites

    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                   probe accuracy                                  accuracy of baselines                                   logistic probe
           ──────────────────────────────  ─────────────────────────────────────────────────────────────────────  ─────────────────────────────────
    model        logistic             MLP        majority  random initialisation        shuffled      raw inputs  balanced accuracy             AUC  n
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    statement: sex, test:
    MLP    0.800 ± 0.248   0.750 ± 0.248   0.700 ± 0.248          0.650 ± 0.248   0.600 ± 0.248   0.550 ± 0.248      0.800 ± 0.248   0.800 ± 0.248   3
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    Share of examples whose group is told from the last hidden layer of the trained network, by a converged logistic regression (its penalty chosen on the validation set) and by an MLP with one hidden
    layer; balanced accuracy is the mean over the groups. Baselines: majority answers with the most frequent group; the others are logistic regressions of the same network before training, of the trained
    network with groups that were shuffled, and of the inputs themselves. Mean ± half-width of the 95 % Student t interval (n − 1 degrees of freedom) over n runs, seeds 0, 1, 2; a single run has no
    interval. Marked: the best trained model of a column, ties in print included. References are computed, not trained, and have no interval: train mean answers every example with the mean of each factor
    over the training split; nearest seen is an oracle that reads the true value and answers with the nearest one seen in training, the best that is possible without extrapolation.
    "
  `);
});

it('is absent where nothing was probed', () => {
  const plain = makeRecords({ models: ['mlp'], splits: ['random'], seeds: 1 });
  expect(studyTables(plain).map(({ name }) => name)).not.toContain('awareness');
});
