import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../core/files/files.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { encodeRecord, type RunRecord, readRecord } from '../../evaluation/record.js';
import type { JobContext } from '../context.js';
import { evaluateRun, recomputeRecord } from '../index.js';
import { prepareMaterial } from '../prepare.js';
import { trainAndEvaluate } from '../supervised.js';
import { makeResults, type Results, runJob, smallConfig } from '../testing/jobs.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const sets = {
  train: { not: { x: { at_least: 0.6 } } },
  validation: { of: 'train', share: 0.3 },
  test: { x: { at_least: 0.6 } },
};
const configOf = (probes: object | undefined, sections: object = {}) =>
  smallConfig({
    split: { rule: 'statement', sets },
    evaluation: {
      ...{ train_examples: 60, test_examples: 40, batch_size: 32 },
      ...(probes && { probes: { l2: [1], hidden: 4, ...probes } }),
    },
    ...sections,
  });
const probeRowsOf = ({ rows }: RunRecord) => rows.filter(({ metric }) => metric.startsWith('probe_'));

/** The dataset of the config, as one that names protected variables. */
const withProtected = (names: readonly string[]) =>
  trainAndEvaluate(async ({ config, dataFolder }: JobContext) => {
    const { dataset, split } = await prepareMaterial(config, dataFolder);
    return { dataset: { ...dataset, protected: names }, split };
  });

describe('probes of the last hidden layer', () => {
  it('stand in the record, and change nothing of the rest', async () => {
    const { run } = await runJob(configOf({}), results, { work: withProtected(['shape', 'scale']).run });
    const record = readRecord(run.paths.record)!;
    const rows = probeRowsOf(record);
    expect(rows).toHaveLength(6 * 3 * 3);
    expect(rows.every(({ set, group, n }) => set === 'test' && group.protected === 'shape' && n === 40)).toBe(
      true,
    );
    const accuracy = (probe: string) =>
      rows.find(({ metric, group }) => metric === 'probe_accuracy' && group.probe === probe)!.value;
    expect(accuracy('random-initialisation')).not.toBe(accuracy('logistic'));
    const plain = makeResults();
    try {
      const without = await runJob(configOf(undefined), plain);
      expect(without.run.id).toBe(run.id);
      const others = readRecord(without.run.paths.record)!.rows;
      expect(record.rows.filter((row) => !rows.includes(row))).toEqual(others);
    } finally {
      plain.remove();
    }
  });

  it('stand beside the predictions, where the variable has two levels', async () => {
    const levels = { shape: { first: 2 }, orientation: { first: 4 }, x: { every: 8 }, y: { every: 8 } };
    const dataset = { name: 'dsprites', levels };
    const { run } = await runJob(configOf({ variable: 'shape' }, { dataset }), results);
    const { probes, variables, set } = await readPredictions(run.paths.predictions);
    expect(Object.keys(probes!)).toEqual(['shape']);
    const test = [...set.keys()].filter((row) => set[row] === 'test');
    const right = test.filter((row) => probes!.shape![row]! > 0 === (variables.shape![row] === 1));
    const row = readRecord(run.paths.record)!.rows.find(
      ({ metric, group }) => metric === 'probe_accuracy' && group.probe === 'logistic',
    );
    expect(right.length / test.length).toBeCloseTo(row!.value, 12);
  });

  it('are rebuilt by an evaluation, and kept where metrics alone are computed again', async () => {
    const first = await runJob(configOf({ variable: 'shape' }), results);
    const record = readRecord(first.run.paths.record)!;
    expect(probeRowsOf(record)[0]!.group).toEqual({ protected: 'shape', probe: 'logistic' });
    await runJob(configOf({ variable: 'shape' }), results, { work: recomputeRecord, evaluate: true });
    expect(readRecord(first.run.paths.record)).toEqual(record);
    writeFileAtomic(first.run.paths.record, encodeRecord({ ...record, rows: [] }));
    await runJob(configOf({ variable: 'shape' }), results, { work: evaluateRun, evaluate: true });
    expect(readRecord(first.run.paths.record)).toEqual(record);
  });

  it('are of another evaluation where they ask for something else, of the same training', async () => {
    const first = await runJob(configOf({ variable: 'shape' }), results);
    const second = await runJob(configOf({ variable: 'y' }), results);
    expect(second.run.id).toBe(first.run.id);
    expect(second.events.map(({ type }) => type)).toEqual(['started']);
    expect(probeRowsOf(readRecord(second.run.paths.record)!)[0]!.group.protected).toBe('y');
  });

  it.each<[string, string, object, object, readonly string[]]>([
    ['no protected variable', 'E_PROBE_VARIABLE', {}, {}, []],
    ['an unknown variable', 'E_PROBE_VARIABLE', { variable: 'sex' }, {}, ['shape']],
    [
      'no validation set',
      'E_PROBE_SETS',
      {},
      { split: { rule: 'extrapolation', fixed: ['shape'], share: 0.2 } },
      ['shape'],
    ],
    [
      'one group in training',
      'E_PROBE_GROUPS',
      {},
      {
        split: {
          rule: 'statement',
          sets: { ...sets, train: { shape: 'heart', not: { x: { at_least: 0.6 } } } },
        },
      },
      ['shape'],
    ],
    [
      'a model without such a layer',
      'E_PROBE_MODEL',
      {},
      {
        model: {
          ...{ name: 'nac', processors: 8, read_outs: 2, width: 8, signature_width: 4, layers: 1, heads: 1 },
          ...{ head_width: 8, drop_path: 0.1, tokens: { stem_channels: 4, channels: 8, positions: 4 } },
        },
      },
      ['shape'],
    ],
  ])('with %s are refused before training', async (_, code, probes, sections, names) => {
    const job = runJob(configOf(probes, sections), results, { work: withProtected(names).run });
    await expect(job).rejects.toMatchObject({ code, place: 'evaluation.probes', exitCode: 2 });
  });
});
