import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMeasureRow } from '../../../evaluation/generalisation/rows.js';
import { readRecord } from '../../../evaluation/record.js';
import { readMeasures } from '../../../reports/transfer/recorded.js';
import { findLastGoodCheckpoint } from '../../../runs/checkpoints/checkpoints.js';
import { recomputeRecord } from '../../index.js';
import { trainAndEvaluate } from '../../supervised.js';
import { makeResults, type Results, runJob, smallConfig, smallTraining } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const protocol = trainAndEvaluate(async () => preparePeople());
const configOf = (sections: object = {}) =>
  smallConfig({
    objective: { name: 'cross_entropy' },
    model: { name: 'mlp', widths: [5] },
    training: { ...smallTraining, optimizer: { name: 'adam', learning_rate: 0.05 } },
    evaluation: {
      ...{ train_examples: 20, test_examples: 20, batch_size: 64, metrics: ['accuracy'] },
      generalisation: { examples: 100, draws: 3 },
    },
    ...sections,
  });

describe('measures of a network', () => {
  it('are of its weights, and kept where metrics alone are computed again', async () => {
    const { run } = await runJob(configOf(), results, { work: (context) => protocol.run(context) });
    const record = readRecord(run.paths.record)!;
    const { parameters } = findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state;
    const valueBy = readMeasures(record);
    const squares = Object.values(parameters).flatMap(({ data }) => [...data].map((value) => value * value));
    expect(valueBy.parameter_norm).toBeCloseTo(
      squares.reduce((sum, value) => sum + value, 0),
      4,
    );
    // Sum over paths from input, or bias, to output of products of squared weights.
    const of = (name: string) => [...parameters[name]!.data].map((value) => value * value);
    const hidden = of('dense1/bias').map((bias, unit) =>
      of('dense1/kernel').reduce((sum, value, at) => sum + (at % 5 === unit ? value : 0), bias),
    );
    const path = of('read-out/kernel').reduce(
      (sum, value, unit) => sum + value * hidden[unit]!,
      of('read-out/bias')[0]!,
    );
    expect(valueBy.path_norm! / path).toBeCloseTo(1, 5);
    expect(valueBy.distance_from_start).toBeGreaterThan(0);
    expect(valueBy.sharpness).toBeGreaterThan(0);
    expect(record.rows.filter(isMeasureRow).every(({ set, n }) => set === 'train' && n === 100)).toBe(true);
    await runJob(configOf(), results, { work: recomputeRecord, evaluate: true });
    expect(readRecord(run.paths.record)).toEqual(record);
  });

  it('are refused of numbers', async () => {
    const config = configOf({ objective: { name: 'squared_error' } });
    await expect(runJob(config, results)).rejects.toMatchObject({ code: 'E_GENERALISATION_CLASSES' });
  });
});
