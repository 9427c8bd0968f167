import { afterAll, describe, expect, it } from 'vitest';
import type { PredictionsTable } from '../evaluation/predictions.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { fitAndEvaluate } from './fitted.js';
import { runProtocol } from './index.js';
import { makeResults, runJob, smallConfig } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';

const results = makeResults();
afterAll(() => results.remove());

const people = preparePeople({ size: 900 });
const protocol = fitAndEvaluate(async () => people);
const configure = (slack: number, seed = 0) =>
  smallConfig({
    seed,
    model: { name: 'exponentiated_gradient', slack },
    protocol: { name: 'fitted' },
    evaluation: { train_examples: 1000, test_examples: 1000, metrics: ['accuracy'] },
  });

async function fitWithin(slack: number, seed?: number, evaluate = false) {
  const work = evaluate ? protocol.evaluate : protocol.run;
  const job = await runJob(configure(slack, seed), results, {
    work: (context) => work.call(protocol, context),
    evaluate,
  });
  return { ...job, table: await readPredictions(job.run.paths.predictions) };
}

/** Rate of positive decisions of group 1 less that of group 0. */
function gapOf({ logits, variables, set }: PredictionsTable, wanted: string): number {
  const rate = (level: number) => {
    const rows = set.flatMap((own, row) => (own === wanted && variables.group![row] === level ? [row] : []));
    return rows.filter((row) => logits!.hired![2 * row + 1]! > 0).length / rows.length;
  };
  return rate(1) - rate(0);
}

describe('fair logistic regression by reductions', () => {
  it('keeps to a gap with decisions that are drawn, at a price', async () => {
    const free = await fitWithin(1);
    const fair = await fitWithin(0.05);
    expect(fair.end).toMatchObject({ outcome: 'finished', step: 0 });
    expect(fair.events[0]).toMatchObject({ type: 'started', backend: 'none' });
    expect(gapOf(free.table, 'train')).toBeGreaterThan(0.3);
    // Of 630 people; what is drawn differs from its mean.
    expect(Math.abs(gapOf(fair.table, 'train'))).toBeLessThan(0.05 + 0.05);
    expect(new Set(fair.table.logits!.hired!)).toEqual(new Set([0, -1, 1]));
    const accuracy = ({ run }: typeof free) =>
      readRecord(run.paths.record)!.rows.find(({ set, metric }) => set === 'test' && metric === 'accuracy')!
        .value;
    expect(accuracy(free)).toBeGreaterThan(0.75);
    expect(accuracy(fair)).toBeLessThan(accuracy(free));
    expect(accuracy(fair)).toBeGreaterThan(0.6);
  });

  it('is fitted and drawn the same again, and drawn otherwise by another seed', async () => {
    const first = await fitWithin(0.05, 1);
    const again = await fitWithin(0.05, 1, true);
    expect(again.table).toEqual(first.table);
    const other = await fitWithin(0.05, 2);
    expect(other.table.logits).not.toEqual(first.table.logits);
    expect(Math.abs(gapOf(other.table, 'train'))).toBeLessThan(0.1);
  });

  it('answers one binary target about people of groups', async () => {
    const work = runJob(configure(0.05, 3), results, { work: runProtocol });
    await expect(work).rejects.toMatchObject({ code: 'E_FITTED_TARGETS' });
  });
});
