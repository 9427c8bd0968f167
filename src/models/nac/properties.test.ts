import { grads, mean, mul, type Scalar, scalar, sum, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { fill, relativeError, runOn, startBoth } from '../../engine/testing/backends.js';
import { statelessUniform } from '../../random/philox.js';
import { executeCircuit } from './circuit.js';
import { staticDesign } from './design/design.js';
import { readIn } from './layers/read-in.js';
import { linkLogits } from './links/links.js';
import { sampleLogLinks } from './links/sample-links.js';
import { naiveReadIn } from './testing/naive-read-in.js';
import { runCircuit } from './testing/run-circuit.js';
import { smallOptions, smallParameters, smallTokens } from './testing/small-circuit.js';

beforeAll(startBoth);

const codes = 'design/processors/codes';
const signatures = 'design/processors/signatures';
const processors = 6;

/** Some parameters replaced by others. */
function change(
  parameters: NamedArrays,
  matches: (name: string) => boolean,
  map: (array: NamedArray) => Iterable<number>,
): NamedArrays {
  const entries = Object.entries(parameters).map(([name, array]) => [
    name,
    matches(name) ? { ...array, data: Float32Array.from(map(array)) } : array,
  ]);
  return Object.fromEntries(entries) as NamedArrays;
}

const rowsOf = ({ shape, data }: NamedArray) =>
  Array.from({ length: shape[0]! }, (_, row) => [...data.slice(row * shape[1]!, (row + 1) * shape[1]!)]);
/** Two groups of three modules, at a right angle; within them modules are close. */
const groups = Array.from({ length: processors }, (_, index) =>
  index < 3 ? [1, 0.1 * index, 0, 0] : [0, 0, 1, 0.2 * index],
);
const grouped = change(
  smallParameters(),
  (name) => name === signatures,
  () => groups.flat(),
);

describe('a circuit', () => {
  it('does not depend on the order of its processors', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const permuted = change(
      smallParameters(),
      (name) => name === codes || name === signatures,
      (array) => order.flatMap((row) => rowsOf(array)[row]!),
    );
    expect(
      relativeError(runCircuit(permuted).prediction, runCircuit(smallParameters()).prediction),
    ).toBeLessThan(2e-6);
  });

  it('is an ordinary attention network where all signatures are equal', () => {
    const equal = change(
      smallParameters(),
      (name) => name.endsWith('/signatures'),
      ({ data }) => data.map((_, index) => [0.3, -0.5, 0.2, 0.9][index % 4]!),
    );
    const dense = runCircuit(equal, { ...smallOptions, links: undefined });
    expect(relativeError(runCircuit(equal).prediction, dense.prediction)).toBeLessThan(2e-6);
    const sparse = runCircuit(grouped).prediction;
    expect(
      relativeError(sparse, runCircuit(grouped, { ...smallOptions, links: undefined }).prediction),
    ).toBeGreaterThan(1e-3);
  });

  it('is one of plain layers where no gain lets codes in', () => {
    const still = change(
      smallParameters(),
      (name) => name.endsWith('/gain'),
      () => [0],
    );
    const plain = runCircuit(
      Object.fromEntries(Object.entries(still).filter(([name]) => !/\/(gain|code\/kernel)$/.test(name))),
      { ...smallOptions, modulated: false },
    );
    expect(runCircuit(still).prediction.data).toEqual(plain.prediction.data);
    expect(relativeError(runCircuit(smallParameters()).prediction, plain.prediction)).toBeGreaterThan(1e-2);
  });

  it('lets nothing pass between groups beyond the truncation, to the bit', () => {
    const before = runCircuit(grouped).states;
    const others = change(
      grouped,
      (name) => name === codes,
      ({ data }) => data.map((value, index) => (index < data.length / 2 ? value : value + 0.5)),
    );
    const after = runCircuit(others).states;
    const half = (values: Float32Array, group: number) =>
      values.filter((_, index) => Math.floor(index / 24) % 2 === group);
    expect(half(after.data, 0)).toEqual(half(before.data, 0));
    expect(half(after.data, 1)).not.toEqual(half(before.data, 1));
  });

  it('draws other links with another key, and the same with the same', () => {
    const [one, again, other] = [
      [1, 2],
      [1, 2],
      [1, 3],
    ].map((key) => runCircuit(smallParameters(), smallOptions, key as [number, number]).prediction.data);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(runCircuit(smallParameters()).prediction.data).not.toEqual(one);
  });
});

describe('the read-in', () => {
  it.each([
    ['modulated', smallOptions],
    ['plain', { ...smallOptions, modulated: false }],
  ])('makes no key or value per token, and has their numbers and gradients: %s', (_, options) => {
    const heads = 2;
    const [fast, naive] = [true, false].map((factored) =>
      runOn('wasm', () => {
        const all = toTensors(smallParameters(options));
        const names = Object.keys(all).filter((name) => name.includes('read-in') || name === codes);
        const { tokens } = toTensors({ tokens: smallTokens() });
        const compute = (given: typeof tokens, ...values: (typeof tokens)[]) => {
          const parameters = { ...all, ...Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
          const branch = { dropPath: 0, random: undefined, salt: 0 };
          return factored
            ? readIn(parameters, 'circuit/read-in', given!, parameters[codes]!, { heads, ...branch }).states
            : naiveReadIn(parameters, 'circuit/read-in', given!, parameters[codes]!, heads);
        };
        const inputs = [tokens!, ...names.map((name) => all[name]!)];
        const states = compute(...(inputs as [typeof tokens]));
        return [states, ...grads(compute as never)(inputs, fill(states.shape, 5))];
      }),
    );
    for (const [index, values] of fast!.entries()) {
      expect(relativeError(values, naive![index]!), `array ${index}`).toBeLessThan(1e-5);
    }
  });

  it('may have codes for every example', () => {
    const [fast, naive] = [true, false].map((factored) =>
      runOn('wasm', () => {
        const parameters = toTensors(smallParameters());
        const { tokens } = toTensors({ tokens: smallTokens() });
        const each = fill([3, processors, 8], 3);
        const branch = { heads: 2, dropPath: 0, random: undefined, salt: 0 };
        return factored
          ? readIn(parameters, 'circuit/read-in', tokens!, each, branch).states
          : naiveReadIn(parameters, 'circuit/read-in', tokens!, each, 2);
      }),
    );
    expect(relativeError(fast![0]!, naive![0]!)).toBeLessThan(1e-5);
  });
});

describe('sampled links', () => {
  it('have the mean of the relaxed distribution, and the link more often than not as often as P says', () => {
    const count = 40_000;
    const [sampled] = runOn('wasm', () =>
      sampleLogLinks(
        linkLogits(tensor2d([[0.2]]), scalar(1), { truncation: null }),
        tensor(statelessUniform(3, 4, count), [count, 1, 1]),
        0.5,
      ),
    );
    const links = [...sampled!.data].map(Math.exp);
    const average = links.reduce((total, value) => total + value) / count;
    expect(average).toBeGreaterThan(0.78);
    expect(average).toBeLessThan(0.8);
    expect(links.filter((value) => value > 0.5).length / count).toBeCloseTo(Math.exp(-0.2), 2);
  });

  it('have the slopes of finite differences', () => {
    const evaluate = (shift: number, place: number) =>
      runOn('wasm', () => {
        const logits = tensor2d([[-1.5, 0.3, 2].map((value, i) => value + (i === place ? shift : 0))]);
        return mean(
          mul(sampleLogLinks(logits, tensor(statelessUniform(1, 1, 12), [4, 1, 3]), 0.5), fill([4, 1, 3], 2)),
        );
      })[0]!.data[0]!;
    const [slopes] = runOn('wasm', () => {
      const compute = (logits: ReturnType<typeof tensor2d>) =>
        mean(
          mul(sampleLogLinks(logits, tensor(statelessUniform(1, 1, 12), [4, 1, 3]), 0.5), fill([4, 1, 3], 2)),
        ) as Scalar;
      return grads(compute as never)([tensor2d([[-1.5, 0.3, 2]])]);
    });
    for (const place of [0, 1, 2]) {
      const difference = (evaluate(1e-2, place) - evaluate(-1e-2, place)) / 2e-2;
      expect(slopes!.data[place]).toBeCloseTo(difference, 3);
    }
  });
});

describe('the slope of a signature', () => {
  const weights = () => fill([3, processors, 8], 11);
  /** One module is at a right angle to all others; they are close to each other. */
  const rows = groups.map((row, index) =>
    index === 5 ? [0, 0, 0, 1] : [...row.slice(0, 2), row[2]! / 2 + 0.4, 0],
  );
  const parameters = change(
    smallParameters(),
    (name) => name === signatures,
    () => rows.flat(),
  );
  const read = (flat: readonly number[]) =>
    runOn('wasm', () => {
      const tensors = toTensors(
        change(
          parameters,
          (name) => name === signatures,
          () => flat,
        ),
      );
      const { tokens } = toTensors({ tokens: smallTokens() });
      const run = executeCircuit(tensors, 'circuit', tokens!, staticDesign(tensors, 'design'), smallOptions);
      return sum(mul(run.states.at(-1)!, weights()));
    })[0]!.data[0]!;

  it('is that of finite differences where modules are linked, and zero beyond the truncation', () => {
    const [slope] = runOn('wasm', () => {
      const tensors = toTensors(parameters);
      const { tokens } = toTensors({ tokens: smallTokens() });
      const compute = (s: typeof tokens) => {
        const design = { ...staticDesign(tensors, 'design'), signatures: s! };
        const run = executeCircuit(tensors, 'circuit', tokens!, design, smallOptions);
        return sum(mul(run.states.at(-1)!, weights())) as Scalar;
      };
      return grads(compute as never)([tensors[signatures]!]);
    });
    const flat = rows.flat();
    for (const place of [0, 5, 13, 17]) {
      const shifted = (by: number) =>
        read(flat.map((value, index) => (index === place ? value + by : value)));
      const difference = (shifted(2e-2) - shifted(-2e-2)) / 4e-2;
      expect(slope!.data[place]).toBeCloseTo(difference, 2);
      expect(Math.abs(slope!.data[place]!)).toBeGreaterThan(1e-3);
    }
    expect([...slope!.data.slice(20)].map(Math.abs)).toEqual([0, 0, 0, 0]);
  });
});
