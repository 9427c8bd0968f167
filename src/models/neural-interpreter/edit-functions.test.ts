import { beforeAll, describe, expect, it } from 'vitest';
import { relativeError, startBoth } from '../../engine/testing/backends.js';
import { editFunctions } from './edit-functions.js';
import { runInterpreter, smallOptions, smallParameters } from './testing/small-interpreter.js';

beforeAll(startBoth);

const trained = smallParameters();
const codes = (name: string, parameters = trained) => [...parameters[`script/${name}/codes`]!.data];
const initial = (functions: number, added = 0) => smallParameters({ ...smallOptions, functions, added }, 2);
const edit = (remove: readonly number[], copies = false) => ({ remove, copies });

describe('functions of a trained interpreter', () => {
  it('are removed: their rows go, and nothing else changes', () => {
    const edited = editFunctions(trained, initial(2), edit([1]));
    const rows = codes('functions');
    expect(codes('functions', edited)).toEqual([...rows.slice(0, 6), ...rows.slice(12)]);
    expect(edited['script/line1/attention/query/kernel']).toBe(
      trained['script/line1/attention/query/kernel'],
    );
  });

  it('are added at random, or as copies of those that are left, and removed again', () => {
    const added = editFunctions(trained, initial(3, 2), edit([]));
    expect(codes('added', added)).toEqual(codes('added', initial(3, 2)));
    const copied = editFunctions(trained, initial(2, 3), edit([0], true));
    const kept = codes('functions').slice(6);
    expect(codes('added', copied)).toEqual([...kept, ...kept.slice(0, 6)]);
    expect(editFunctions(added, initial(3), edit([3, 4]))).toEqual(trained);
    // What was added is there to stay when more is added.
    const again = editFunctions(added, initial(5, 1), edit([]));
    expect(codes('functions', again)).toEqual([...codes('functions'), ...codes('added', added)]);
  });

  it('compute the same from one table and from two', () => {
    const added = editFunctions(trained, initial(3, 2), edit([]));
    const [one, two] = [
      runInterpreter(editFunctions(added, initial(5), edit([])), { ...smallOptions, functions: 5 }),
      runInterpreter(added, { ...smallOptions, added: 2 }),
    ];
    expect(relativeError(one.tokens, two.tokens)).toBeLessThan(1e-7);
    expect(relativeError(two.tokens, runInterpreter(trained).tokens)).toBeGreaterThan(1e-3);
  });

  it('must be there, and must not all go', () => {
    expect(() => editFunctions(trained, initial(2), edit([3]))).toThrow(
      'no function 3: the run has 3, 0 to 2',
    );
    expect(() => editFunctions(trained, initial(1), edit([0, 1, 2]))).toThrow('none would be left');
    expect(() => editFunctions(trained, initial(3), edit([1]))).toThrow('[2, 6] there and [3, 6] here');
    const wide = smallParameters({ ...smallOptions, functions: 2, expansion: 2 });
    expect(() => editFunctions(trained, wide, edit([1]))).toThrow('feed-forward/in/kernel is [8, 12] there');
  });
});
