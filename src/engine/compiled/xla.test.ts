import { beforeAll, describe, expect, it } from 'vitest';
import type { NamedArrays } from '../engine.js';
import { batchOf, network } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createCollector } from './collect.js';
import { loadProgram, loadPrograms } from './graph/program.js';
import { recordStep, type StepRecording, stepInputs } from './step-program.js';
import { createCompiledTrainer, createTrainerCore } from './trainer.js';
import { chooseProgram } from './xla.js';

let state: NamedArrays = {};
let recorded: StepRecording;
beforeAll(async () => {
  if ((await startTensorFlowIfThere()) === undefined) return;
  state = createTrainerCore(network, { xla: false }).fetch();
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
    // Whether a step is tiny, and not worth a trial, is a matter of the moment.
    if (first.repeat === second.repeat) expect(second.xla).toBe(first.xla);
    for (const { program } of [first, second]) expect(program.fetch()).toEqual(state);
    const [one, other] = [first, second].map(({ program }) => program.run(recorded.example).loss!.data[0]!);
    expect(one! / other!).toBeCloseTo(1, 5);
    first.program.dispose();
    second.program.dispose();
  });
});

describe.skipIf(!tensorFlowWorks)('several steps in one call', () => {
  it('are the same steps, to the bit', () => {
    const { part } = recorded;
    const [single, many] = [loadProgram(part), loadProgram({ ...part, repeat: 3 })];
    for (const program of [single, many]) program.assign(state);
    const batches = [0, 1, 2].map((step) =>
      stepInputs(network, batchOf(step), { learningRate: 0.01 / (1 + step) }, step + 1),
    );
    const losses = batches.map((inputs) => single.run(inputs).loss!.data[0]);
    const collect = createCollector(3);
    expect([...many.runMany(collect((index) => batches[index]!)).loss!.data]).toEqual(losses);
    expect(many.fetch()).toEqual(single.fetch());
    single.dispose();
    many.dispose();
  });

  it('are taken for tiny steps of a long training, and train as single ones do', () => {
    const long = { ...network, steps: 100_000 };
    const trainers = [
      createCompiledTrainer(long, { xla: 'off' }),
      createCompiledTrainer(long, { xla: 'off' }),
    ] as const;
    const at = (step: number) => ({ batch: batchOf(step), inputs: { learningRate: 0.01 } });
    for (const trainer of trainers) trainer.prepare(at(0).batch, at(0).inputs);
    const several = trainers[0].several?.();
    // Whether a step is tiny is a matter of the machine.
    if (several !== undefined) {
      const losses = Array.from({ length: several.most }, (_, step) =>
        trainers[1].step(at(step).batch, at(step).inputs),
      );
      expect(several.run(several.most, at)).toEqual(losses);
      expect(trainers[0].state()).toEqual(trainers[1].state());
    }
    for (const trainer of trainers) trainer.dispose();
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
