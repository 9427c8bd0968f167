import { describe, expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import type { DomainRecord } from './domain-record.js';
import { numpyDeviation, numpyMean, numpySum } from './numpy-sum.js';
import { lastCheckpoint } from './rules/last-checkpoint.js';
import { leaveOneOut } from './rules/leave-one-out.js';
import { oracle } from './rules/oracle.js';
import { trainingDomain } from './rules/training-domain.js';
import { worstEnvironment } from './rules/worst-environment.js';
import { groupRecords, select } from './select.js';

type Environment = readonly [inAccuracy: number, outAccuracy: number, isTest: boolean];

function record(step: number, hparamsSeed: number, environments: readonly Environment[]): DomainRecord {
  return {
    args: {
      ...{ dataset: 'VLCS', algorithm: 'ERM', hparams_seed: hparamsSeed, trial_seed: 0 },
      test_envs: environments.flatMap(([, , isTest], index) => (isTest ? [index] : [])),
    },
    hparams: {},
    step,
    ...Object.fromEntries(
      environments.flatMap(([inAccuracy, outAccuracy], index) => [
        [`env${index}_in_acc`, inAccuracy],
        [`env${index}_out_acc`, outAccuracy],
      ]),
    ),
  };
}

/** Validation and test accuracy of what is chosen. */
function accuracies({ checkpoint }: ReturnType<typeof oracle.choose>): readonly number[] | undefined {
  return checkpoint && [checkpoint.validation, checkpoint.test];
}

// The goldens of DomainBed's domainbed/test/test_model_selection.py.
describe('the oracle', () => {
  it.each([
    ['better', 0.75, 0.7, 0.65, 0.6],
    ['worse', 0.75, 0.7, 0.85, 0.8],
  ])('takes the last checkpoint, though the first is %s', (_, in0, out0, in1, out1) => {
    const records = [record(0, 0, [[in0, out0, true]]), record(1, 0, [[in1, out1, true]])];
    expect(accuracies(oracle.choose(records, 0))).toEqual([out1, in1]);
    expect(accuracies(oracle.choose(records.toReversed(), 0))).toEqual([out1, in1]);
  });

  it('chooses nothing from nothing', () => {
    expect(oracle.choose([], 0)).toEqual({ checkpoint: undefined, missing: [] });
  });
});

describe('training-domain validation', () => {
  it('takes the checkpoint that is best where it was trained', () => {
    const records = [
      record(0, 0, [
        [0.1, 0.2, true],
        [0.5, 0.6, false],
        [0.6, 0.7, false],
      ]),
      record(1, 0, [
        [0.3, 0.4, true],
        [0.6, 0.7, false],
        [0.7, 0.8, false],
      ]),
    ];
    const outcome = trainingDomain.choose(records, 0);
    expect(accuracies(outcome)).toEqual([0.75, 0.3]);
    expect(outcome.checkpoint).toMatchObject({ step: 1, record: records[1] });
    expect(accuracies(trainingDomain.choose([], 0))).toBeUndefined();
  });

  it('takes the first of equal ones, and does not look at the test environment', () => {
    const records = [0.9, 0.1].map((test, step) =>
      record(step, 0, [
        [test, test, true],
        [0.5, 0.5, false],
      ]),
    );
    expect(trainingDomain.choose(records, 0).checkpoint!.step).toBe(0);
  });
});

describe('worst-environment validation', () => {
  const records = [
    record(0, 0, [
      [0.9, 0.1, true],
      [1, 0.5, false],
      [1, 1, false],
    ]),
    record(1, 0, [
      [0.3, 0, true],
      [1, 0.6, false],
      [1, 0.7, false],
    ]),
  ];

  it('takes the checkpoint whose worst training environment is best, whatever the mean and the test', () => {
    expect(accuracies(worstEnvironment.choose(records, 0))).toEqual([0.6, 0.3]);
    expect(trainingDomain.choose(records, 0).checkpoint!.step).toBe(0);
    expect(accuracies(worstEnvironment.choose([], 0))).toBeUndefined();
  });

  it('has no number where an environment has none, or none was trained on', () => {
    const damaged: DomainRecord = { ...records[0]!, env1_out_acc: Number.NaN };
    expect(worstEnvironment.choose([record(0, 0, [[1, 1, true]])], 0).checkpoint!.validation).toBeNaN();
    expect(worstEnvironment.choose([damaged], 0).checkpoint!.validation).toBeNaN();
  });
});

describe('the last checkpoint', () => {
  it('is judged where it was trained, and no better one is taken', () => {
    const records = [0.9, 0.5].map((validation, step) =>
      record(step, 0, [
        [validation / 3, 1, true],
        [1, validation, false],
      ]),
    );
    const outcome = lastCheckpoint.choose(records.toReversed(), 0);
    expect(accuracies(outcome)).toEqual([0.5, 0.5 / 3]);
    expect(accuracies(lastCheckpoint.choose([], 0))).toBeUndefined();
  });
});

describe('leave-one-domain-out', () => {
  const alone = record(0, 0, [
    [0.1, 0, true],
    [0, 0, false],
    [0, 0, false],
  ]);
  const withFirst = record(0, 0, [
    [0, 0, true],
    [0.5, 0, true],
    [0, 0, false],
  ]);
  const withSecond = record(0, 0, [
    [0, 0, true],
    [0, 0, false],
    [0.6, 0, true],
  ]);

  it('averages over the trainings that leave each other environment out too', () => {
    expect(accuracies(leaveOneOut.choose([alone, withFirst, withSecond], 0))).toEqual([0.55, 0.1]);
  });

  it('chooses nothing where one of them is missing, and names it', () => {
    const outcome = leaveOneOut.choose([alone, withFirst], 0);
    expect(outcome).toEqual({
      checkpoint: undefined,
      missing: [{ testEnvironments: [0, 2], steps: [] }],
    });
    expect(leaveOneOut.choose([withFirst, withSecond], 0).missing).toEqual([
      { testEnvironments: [0], steps: [] },
    ]);
  });

  it('passes over a step that one of them lacks, and names it', () => {
    const later = { ...alone, step: 300, env0_in_acc: 0.7 };
    const outcome = leaveOneOut.choose([later, alone, { ...withFirst, step: 300 }, withFirst, withSecond], 0);
    expect(outcome.checkpoint).toMatchObject({ step: 0, test: 0.1 });
    expect(outcome.missing).toEqual([{ testEnvironments: [0, 2], steps: [300] }]);
  });
});

describe('select', () => {
  const group = (records: readonly DomainRecord[]) => groupRecords(records)[0]!;

  it('ranks draws of hyper-parameters; of equal ones the later is taken, and what is no number comes last', () => {
    const records = [0.5, 0.8, 0.8, Number.NaN].map((out, seed) =>
      record(0, seed, [[0.1 * seed, out, true]]),
    );
    const { runs, chosen } = select(group(records), oracle);
    expect(runs.map(({ hparamsSeed }) => hparamsSeed)).toEqual([2, 1, 0, 3]);
    expect(chosen).toMatchObject({ hparamsSeed: 2, validation: 0.8, test: 0.2, step: 0 });
  });

  it('has a record in the groups of all its test environments', () => {
    const both = record(0, 0, [
      [0, 0, true],
      [0, 0, true],
      [0, 0, false],
    ]);
    expect(groupRecords([both]).map(({ testEnvironment }) => testEnvironment)).toEqual([0, 1]);
  });

  it('names the record that lacks what a rule needs', () => {
    const { env0_in_acc: _, ...rest } = record(300, 0, [[0.5, 0.5, true]]);
    expect(() => select(group([rest as DomainRecord]), oracle)).toThrow(HeldoutError);
    expect(() => select(group([rest as DomainRecord]), oracle)).toThrow(
      'the record of step 300 has no env0_in_acc',
    );
  });
});

// x = [math.fmod(i * 0.1234567, 1.0) for i in range(n)]; repr(float(np.sum(x))), np.mean(x), np.std(x) of numpy 2.4.
it.each([
  [1, 0.0, 0.0, 0.0],
  [3, 0.37037010000000004, 0.12345670000000002, 0.10080197344262],
  [7, 2.5925907000000006, 0.3703701000000001, 0.24691340000000003],
  [8, 3.4567876, 0.43209845, 0.2828748363997273],
  [9, 4.4444412, 0.4938268, 0.3187638287184835],
  [20, 9.456773, 0.47283865, 0.3014241409792727],
  [128, 64.45605760000002, 0.5035629500000002, 0.2880293838848261],
  [129, 65.25851520000003, 0.5058799627906979, 0.28810586978848546],
  [300, 152.0329950000001, 0.5067766500000004, 0.28882910681536095],
  [1000, 505.6216500000013, 0.5056216500000013, 0.2889519101893817],
])('sums %i numbers as numpy does', (size, sum, mean, deviation) => {
  const values = Array.from({ length: size }, (_, index) => (index * 0.1234567) % 1);
  expect(numpySum(values)).toBe(sum);
  expect(numpyMean(values)).toBe(mean);
  expect(numpyDeviation(values)).toBe(deviation);
});
