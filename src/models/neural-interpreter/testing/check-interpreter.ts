import { expect, it } from 'vitest';
import type { BackendName } from '../../../engine/testing/backends.js';
import type { InterpreterOptions } from '../interpreter.js';
import { interpretPlainly } from './reference.js';
import {
  runInterpreter,
  smallOptions,
  smallParameters,
  smallTokenCount,
  smallTokens,
} from './small-interpreter.js';

const cases: Readonly<Record<string, Partial<InterpreterOptions>>> = {
  'one line': {},
  'two lines': { lines: 2 },
  'no positions': { positions: undefined },
  'one function, one head, one iteration': { functions: 1, heads: 1, iterations: 1 },
  'a close truncation': { matching: { truncation: 0.6, straightThrough: true, learnBandwidth: true } },
};

/** Tests of one backend: the numbers of the definition in double precision. */
export function checkInterpreter(backend: BackendName): void {
  it.each(Object.entries(cases))(`has its numbers on ${backend}: %s`, (_, changes) => {
    const options = { ...smallOptions, ...changes };
    const parameters = smallParameters(options);
    const { data } = smallTokens();
    const found = runInterpreter(parameters, options, backend).tokens.data;
    const examples = [0, 1].map((example) =>
      Array.from({ length: smallTokenCount }, (_, token) => {
        const start = (example * smallTokenCount + token) * options.width;
        return [...data.slice(start, start + options.width)];
      }),
    );
    const expected = examples.flatMap((rows) => interpretPlainly(parameters, 'script', rows, options)).flat();
    const largest = Math.max(...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, at) => Math.abs(value - found[at]!)));
    expect(worst / largest).toBeLessThan(1e-5);
    expect(found.some((value, at) => Math.abs(value - data[at]!) > 0.05)).toBe(true);
  });
}
