import { beforeAll, describe, expect, it } from 'vitest';
import type { NamedArrays } from '../engine.js';
import { batchOf, network } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { loadPrograms } from './program.js';
import { recordStep, type StepRecording } from './step-program.js';
import { createTrainerCore } from './trainer.js';
import { chooseProgram } from './xla.js';

let state: NamedArrays = {};
let recorded: StepRecording;
beforeAll(async () => {
  if ((await startTensorFlowIfThere()) === undefined) return;
  state = createTrainerCore(network, false).fetch();
  recorded = recordStep(network, { state, updates: 0, batch: batchOf(0), inputs: { learningRate: 0.01 } });
});

describe.skipIf(!tensorFlowWorks)('engine.xla', () => {
  it.each([
    ['off', 1e9, false],
    ['on', 1, true],
    ['auto', 1, false],
  ] as const)('%s for %i steps', (setting, steps, expected) => {
    const { program, xla } = chooseProgram(recorded.part, setting, {
      state,
      inputs: recorded.example,
      steps,
    });
    expect(xla).toBe(expected);
    expect(program.fetch()).toEqual(state);
    program.dispose();
  });

  it('auto tries both for a long training, and leaves the state alone', () => {
    const choose = () =>
      chooseProgram(recorded.part, 'auto', { state, inputs: recorded.example, steps: 1e9 });
    const [first, second] = [choose(), choose()];
    expect(second.xla).toBe(first.xla);
    expect(second.program.fetch()).toEqual(state);
    expect(second.program.run(recorded.example)).toEqual(first.program.run(recorded.example));
    first.program.dispose();
    second.program.dispose();
  });
});

describe.skipIf(!tensorFlowWorks)('numbers fed as integers of the same bits', () => {
  it('are the same numbers', () => {
    const [plain, bits] = [loadPrograms([recorded.part], false), loadPrograms([recorded.part], true)];
    for (const { parts } of [plain, bits]) {
      parts[0]!.assign(state);
      expect(parts[0]!.fetch()).toEqual(state);
    }
    const run = ({ parts }: typeof plain) => [parts[0]!.run(recorded.example), parts[0]!.fetch()];
    expect(run(bits)).toEqual(run(plain));
    plain.dispose();
    bits.dispose();
  });
});
