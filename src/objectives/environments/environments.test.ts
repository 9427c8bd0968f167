import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine, NamedArrays } from '../../engine/engine.js';
import { createSgd } from '../../training/optimizers/sgd.js';
import type { Head } from '../../variables/targets.js';
import { loadObjective } from '../index.js';
import { network } from '../testing/loss-of.js';
import { numbersOf, type ObjectiveConfig, restartsOf } from '../traits.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const binary: Head = { name: 'label', kind: 'binary', start: 0, width: 1 };
const classes: Head = { name: 'digit', kind: 'categorical', start: 0, width: 3 };
const penalised = { strength: 40, anneal: 3, restart: true, rescale: false, l2: 0 };
const irm = (estimator: 'halves' | 'whole', more: object = {}): ObjectiveConfig => ({
  name: 'irm',
  ...penalised,
  estimator,
  ...more,
});
const vrex = (spread: 'variance' | 'squared_differences'): ObjectiveConfig => ({
  name: 'vrex',
  ...penalised,
  spread,
});

/** Logits of environments, and the truth beside them. */
interface Case {
  readonly logits: readonly (readonly number[])[];
  readonly truth: readonly number[];
  readonly environments: number;
}

const small = fc
  .record({ environments: fc.integer({ min: 2, max: 4 }), examples: fc.integer({ min: 2, max: 5 }) })
  .chain(({ environments, examples }) => {
    const rows = environments * examples;
    const logit = fc.integer({ min: -30, max: 30 }).map((tenths) => tenths / 10);
    return fc.record({
      environments: fc.constant(environments),
      logits: fc.array(fc.array(logit, { minLength: 3, maxLength: 3 }), { minLength: rows, maxLength: rows }),
      truth: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: rows, maxLength: rows }),
    });
  });

/** What a step does where the logits themselves are the parameters: the loss, the gradient, the new state. */
async function step(config: ObjectiveConfig, { logits, truth, environments }: Case, at = 5, head = classes) {
  const { loss, state = {} } = await loadObjective(config, [head], { environments });
  const width = logits[0]!.length;
  const parameters: NamedArrays = {
    logits: { shape: [logits.length, width], data: Float32Array.from(logits.flat()) },
    ...Object.fromEntries(
      Object.entries(state).map(([name, { shape, initializer }]) => {
        const value = initializer.kind === 'constant' ? initializer.value : Number.NaN;
        return [name, { shape, data: new Float32Array(shape[0]!).fill(value) }];
      }),
    ),
  };
  const trainer = engine.createTrainer({
    parameters,
    frozen: Object.keys(state),
    optimizer: createSgd({ momentum: 0, nesterov: false }),
    loss: ({ logits: prediction, ...own }, batch, numbers) =>
      loss!({ prediction: prediction! }, batch, numbers, {
        parameters: { logits: prediction! },
        all: { logits: prediction!, ...own },
        state: own,
        network,
      }),
  });
  const target = { shape: [truth.length, 1], data: Float32Array.from(truth) };
  const value = trainer.step({ target }, { learningRate: 1, ...numbersOf(config, at) });
  const { logits: after, ...own } = trainer.state().parameters;
  trainer.dispose();
  return {
    loss: value as number,
    gradient: Array.from(after!.data, (number, index) => logits.flat()[index]! - number),
    state: Object.values(own).map(({ data }) => [...data]),
  };
}

/** In double precision, from the definitions. */
const blocks = <T>(rows: readonly T[], environments: number) =>
  Array.from({ length: environments }, (_, index) => {
    const size = rows.length / environments;
    return rows.slice(index * size, (index + 1) * size);
  });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const crossEntropy = (z: readonly number[], y: number) =>
  Math.log(z.reduce((sum, each) => sum + Math.exp(each), 0)) - z[y]!;
const risksAt = ({ logits, truth, environments }: Case, scale = 1) =>
  blocks(
    logits.map((z, at) =>
      crossEntropy(
        z.map((each) => scale * each),
        truth[at]!,
      ),
    ),
    environments,
  );

function irmLoss(one: Case, weight: number, estimator: 'halves' | 'whole'): number {
  const h = 1e-5;
  const [plus, minus] = [risksAt(one, 1 + h), risksAt(one, 1 - h)];
  const slope = (index: number, kept: (at: number) => boolean) => {
    const part = (losses: readonly number[]) => mean(losses.filter((_, at) => kept(at)));
    return (part(plus[index]!) - part(minus[index]!)) / (2 * h);
  };
  const penalties = plus.map((_, index) =>
    estimator === 'whole'
      ? slope(index, () => true) ** 2
      : slope(index, (at) => at % 2 === 0) * slope(index, (at) => at % 2 === 1),
  );
  return mean(risksAt(one).map(mean)) + weight * mean(penalties);
}

function vrexLoss(one: Case, weight: number): number {
  const each = risksAt(one).map(mean);
  return mean(each) + weight * mean(each.map((risk) => (risk - mean(each)) ** 2));
}

function differences(one: Case, loss: (one: Case) => number): number[] {
  const h = 1e-4;
  return one.logits.flatMap((row, example) =>
    row.map((_, at) => {
      const moved = (by: number) =>
        loss({
          ...one,
          logits: one.logits.map((z, index) =>
            index === example ? z.map((each, k) => (k === at ? each + by : each)) : z,
          ),
        });
      return (moved(h) - moved(-h)) / (2 * h);
    }),
  );
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  const most = Math.max(1, ...expected.map(Math.abs));
  for (const [at, value] of expected.entries()) {
    expect(Math.abs(found[at]! - value)).toBeLessThan(2e-4 * most);
  }
}

describe.each(['halves', 'whole'] as const)('the IRM penalty of %s', (estimator) => {
  it('is the squared slope in the scale of the logits, and so is its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (one) => {
        const { loss, gradient } = await step(irm(estimator), one);
        const expected = (at: Case) => irmLoss(at, 40, estimator);
        expectClose([loss], [expected(one)]);
        expectClose(gradient, differences(one, expected));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the V-REx penalty', () => {
  it('is the variance of the risks, and so is its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (one) => {
        const { loss, gradient } = await step(vrex('variance'), one);
        expectClose([loss], [vrexLoss(one, 40)]);
        expectClose(
          gradient,
          differences(one, (at) => vrexLoss(at, 40)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('is (R1 - R2)² of two environments where differences are asked for', async () => {
    const one = {
      environments: 2,
      logits: [
        [1, 0, 0],
        [0, 2, 0],
      ],
      truth: [0, 0],
    };
    const [first, second] = risksAt(one).map(mean) as [number, number];
    const { loss } = await step(vrex('squared_differences'), one);
    expectClose([loss], [(first + second) / 2 + 40 * (first - second) ** 2]);
  });
});

describe('a binary target', () => {
  it('is to IRM and V-REx what a pair of logits 0 and f is', async () => {
    const f = [0.5, -1.5, 2, 0.25, -0.75, 1];
    const truth = [1, 0, 0, 1, 1, 0];
    const one = { environments: 2, logits: f.map((each) => [each]), truth };
    const pair = { ...one, logits: f.map((each) => [0, each]) };
    const head = { ...classes, width: 2 };
    for (const config of [irm('halves'), irm('whole'), vrex('variance')]) {
      const own = await step(config, one, 5, binary);
      const twin = await step(config, pair, 5, head);
      expectClose([own.loss], [twin.loss]);
      expectClose(
        own.gradient,
        twin.gradient.filter((_, at) => at % 2 === 1),
      );
    }
  });
});

describe('group DRO', () => {
  it('weighs risks by what they were raised to, without a gradient of the weights', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (one) => {
        const { loss, gradient, state } = await step({ name: 'group_dro', eta: 0.5 }, one);
        const each = risksAt(one).map(mean);
        const raised = each.map((risk) => Math.exp(0.5 * risk));
        const q = raised.map((value) => value / raised.reduce((sum, other) => sum + other, 0));
        const under = (at: Case) =>
          risksAt(at).reduce((sum, losses, index) => sum + q[index]! * mean(losses), 0);
        expectClose([loss], [under(one)]);
        expectClose(gradient, differences(one, under));
        expectClose(state[0]!, q);
      }),
      { numRuns: 20 },
    );
  });
});

describe('penalties that come late', () => {
  it('weigh 1 before, and may divide the loss by their weight after', () => {
    expect(numbersOf(irm('whole'), 2)).toEqual({ risk_share: 1, penalty_share: 1, l2: 0 });
    expect(numbersOf(irm('whole'), 3)).toEqual({ risk_share: 1, penalty_share: 40, l2: 0 });
    const rescaled = irm('whole', { rescale: true, l2: 1 });
    expect(numbersOf(rescaled, 2)).toEqual({ risk_share: 1, penalty_share: 1, l2: 1 });
    expect(numbersOf(rescaled, 3)).toEqual({ risk_share: 1 / 40, penalty_share: 1, l2: 1 / 40 });
    expect([restartsOf(irm('whole')), restartsOf(irm('whole', { restart: false }))]).toEqual([[3], []]);
  });

  it('take the squares of all parameters with them', async () => {
    const one = {
      environments: 2,
      logits: [
        [1, -2, 0],
        [0, 2, 0.5],
      ],
      truth: [0, 1],
    };
    const plain = await step(irm('whole'), one);
    const heavy = await step(irm('whole', { l2: 0.1 }), one);
    const squares = one.logits.flat().reduce((sum, value) => sum + value ** 2, 0);
    expectClose([heavy.loss - plain.loss], [0.1 * squares]);
  });

  it('are for one class', async () => {
    await expect(loadObjective(irm('whole'), [classes, classes])).rejects.toMatchObject({
      code: 'E_OBJECTIVE_TARGETS',
    });
  });
});
