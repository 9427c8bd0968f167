import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import { fill, runOn, startBoth } from '../../engine/testing/backends.js';
import { countParameters, frozenParameters, initialParameters, sparedParameters } from '../initialise.js';
import { createNeuralInterpreter, type NeuralInterpreterOptions } from './neural-interpreter.js';

beforeAll(startBoth);

/** The authors' preset for digits. */
const digits: NeuralInterpreterOptions = {
  width: 192,
  codes: 192,
  typeWidth: 24,
  functions: 5,
  lines: 1,
  iterations: 8,
  scripts: 1,
  heads: 4,
  headWidth: 32,
  expansion: 1,
  patch: 4,
  classTokens: 'shared',
  positions: 'relative',
  matching: { truncation: 1.42, straightThrough: true, learnBandwidth: true },
  trainSignatures: false,
};
const shapes = { inputs: { image: [32, 32, 3] }, outputs: 10 };
const small = { ...digits, width: 8, codes: 6, heads: 2, headWidth: 4, iterations: 2, patch: 8 };

describe('a neural interpreter', () => {
  it('costs a function its signature and its code, whatever the iterations', () => {
    const count = (changes: Partial<NeuralInterpreterOptions>) =>
      countParameters(createNeuralInterpreter({ ...digits, trainSignatures: true, ...changes }, shapes));
    expect(count({ functions: 6 }) - count({})).toBe(192 + 24);
    expect(count({ iterations: 1 })).toBe(count({}));
    expect(count({ scripts: 2 })).toBeGreaterThan(1.8 * count({}));
  });

  it('spares tables from decay, and leaves fixed signatures alone', () => {
    const model = createNeuralInterpreter(digits, shapes);
    expect([...sparedParameters(model)]).toEqual([
      'patches/class',
      'script1/functions/codes',
      'script1/functions/signatures',
    ]);
    expect(frozenParameters(model)).toEqual(['script1/functions/signatures']);
    const trained = createNeuralInterpreter({ ...digits, trainSignatures: true }, shapes);
    expect(frozenParameters(trained)).toEqual([]);
    expect(countParameters(trained) - countParameters(model)).toBe(5 * 24);
  });

  it.each([
    ['shared', [3, 4], 'read-out/kernel', [8, 7]],
    ['per_target', [3, 4], 'read-out2/kernel', [8, 4]],
  ] as const)('reads answers from CLS tokens: %s', (classTokens, targets, name, shape) => {
    const model = createNeuralInterpreter(
      { ...small, classTokens },
      { inputs: { image: [16, 24, 3] }, outputs: 7, targets },
    );
    expect(model.parameters[name]!.shape).toEqual(shape);
    expect(model.parameters['patches/class']!.shape).toEqual([classTokens === 'shared' ? 1 : 2, 8]);
    const [prediction] = runOn('wasm', () => {
      const parameters = toTensors(initialParameters(model, 1));
      return model.apply(parameters, { image: fill([2, 16, 24, 3], 1) }).prediction!;
    });
    expect(prediction!.shape).toEqual([2, 7]);
    expect(prediction!.data.every(Number.isFinite)).toBe(true);
  });

  it.each(['relative', 'learned'] as const)('knows where patches are: %s', (positions) => {
    const model = createNeuralInterpreter({ ...small, positions }, { ...shapes, outputs: 3 });
    const none = createNeuralInterpreter({ ...small, positions: 'none' }, { ...shapes, outputs: 3 });
    /** The predictions of an image, and of one whose halves have changed places. */
    const moved = (one: typeof model) =>
      runOn('wasm', () => {
        const image = fill([1, 32, 32, 3], 5);
        const swapped = image
          .slice([0, 16, 0, 0], [1, 16, 32, 3])
          .concat(image.slice([0, 0, 0, 0], [1, 16, 32, 3]), 1);
        const parameters = toTensors(initialParameters(one, 1));
        return [image, swapped].map((given) => one.apply(parameters, { image: given }).prediction!);
      }).map(({ data }) => data[0]!);
    const [a, b] = moved(model);
    expect(Math.abs(a! - b!)).toBeGreaterThan(1e-6);
    const [c, d] = moved(none);
    expect(d).toBeCloseTo(c!, 5);
  });

  it('refuses images that are not cut into patches, and says which would be', () => {
    const refuse = () => createNeuralInterpreter(digits, { inputs: { image: [42, 42, 1] }, outputs: 2 });
    expect(refuse).toThrow('patches of 4 x 4, but the dataset has image [42, 42, 1]');
    try {
      refuse();
    } catch (error) {
      expect((error as { hints: string[] }).hints[0]).toBe('model.patch=7');
    }
    expect(() => createNeuralInterpreter(digits, { inputs: { row: [7] }, outputs: 2 })).toThrow('row [7]');
  });
});
