import { dispose, keep, tidy } from '@tensorflow/tfjs-core';
import { download, toTensors, upload } from './arrays.js';
import type { NamedArrays, TensorMap, Trainer, TrainerOptions } from './engine.js';
import { adoptState, evaluatedParameters, initialSlots } from './state.js';
import { trainingStep } from './step.js';

/** Runs every step eagerly on the backend that has been started. */
export function createEagerTrainer(options: TrainerOptions): Trainer {
  const { parameters: initial, optimizer } = options;
  const compute = trainingStep(options);
  let parameters = upload(initial);
  let slots = upload(initialSlots(options));
  let updates = 0;

  function replace(nextParameters: TensorMap, nextSlots: TensorMap, step: number): void {
    const kept = new Set(Object.values({ ...nextParameters, ...nextSlots }));
    dispose([...Object.values(parameters), ...Object.values(slots)].filter((one) => !kept.has(one)));
    parameters = nextParameters;
    slots = nextSlots;
    updates = step;
  }

  return {
    prepare: () => ({ compiled: false, xla: false, resident: 0 }),
    step(batch, inputs) {
      let next: { parameters: TensorMap; slots: TensorMap } | undefined;
      const loss = tidy(() => {
        const numbers = { ...inputs, ...optimizer.numbers(inputs, updates + 1) };
        const result = compute({ parameters, slots }, toTensors(batch), numbers);
        for (const value of Object.values({ ...result.parameters, ...result.slots })) keep(value);
        next = result;
        return result.loss.dataSync()[0]!;
      });
      replace(next!.parameters, next!.slots, updates + 1);
      return loss;
    },
    state: () => ({ parameters: download(parameters), slots: download(slots), step: updates }),
    restore(saved) {
      const state = adoptState(saved, options);
      replace(upload(state.parameters), upload(state.slots), state.step);
    },
    read: (names) => download(Object.fromEntries(names.map((name) => [name, parameters[name]!]))),
    write(frozen) {
      replace({ ...parameters, ...upload(frozen) }, slots, updates);
    },
    inference: (apply) => (batch) => {
      let outputs: NamedArrays = {};
      tidy(() => {
        const current = updates === 0 ? parameters : evaluatedParameters(parameters, slots, optimizer);
        outputs = download(apply(current, toTensors(batch)));
      });
      return outputs;
    },
    dispose: () => replace({}, {}, updates),
  };
}
