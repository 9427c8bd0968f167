import { dispose, engine, keep, type Scalar, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import type {
  NamedArray,
  NamedArrays,
  StepInputs,
  TensorMap,
  Trainer,
  TrainerOptions,
  TrainState,
} from './engine.js';

/** Runs every step eagerly on the backend that has been started. */
export function createTrainer({ parameters: initial, optimizer, loss }: TrainerOptions): Trainer {
  const names = Object.keys(initial);
  let parameters = upload(initial);
  let slots = upload(zeroSlots(initial, optimizer.slots));
  let updates = 0;

  function replace(nextParameters: TensorMap, nextSlots: TensorMap, step: number): void {
    dispose([...Object.values(parameters), ...Object.values(slots)]);
    parameters = nextParameters;
    slots = nextSlots;
    updates = step;
  }

  function step(batch: NamedArrays, { learningRate }: StepInputs): number {
    const nextParameters: Record<string, Tensor> = {};
    const nextSlots: Record<string, Tensor> = {};
    const value = tidy(() => {
      const inputs = toTensors(batch);
      const { value: lossValue, gradients } = differentiate(names, parameters, (current) =>
        loss(current, inputs),
      );
      for (const name of names) {
        const own = Object.fromEntries(optimizer.slots.map((slot) => [slot, slots[`${name}/${slot}`]!]));
        const updated = optimizer.update(parameters[name]!, gradients[name]!, own, {
          learningRate,
          step: updates + 1,
        });
        nextParameters[name] = keep(updated.parameter);
        for (const slot of optimizer.slots) nextSlots[`${name}/${slot}`] = keep(updated.slots[slot]!);
        gradients[name]!.dispose();
      }
      return lossValue.dataSync()[0]!;
    });
    replace(nextParameters, nextSlots, updates + 1);
    return value;
  }

  return {
    step,
    state: () => ({ parameters: download(parameters), slots: download(slots), step: updates }),
    restore(state) {
      checkShapes(state, initial, optimizer.slots);
      replace(upload(state.parameters), upload(state.slots), state.step);
    },
    infer(apply, batch) {
      let outputs: NamedArrays = {};
      tidy(() => {
        outputs = download(apply(parameters, toTensors(batch)));
      });
      return outputs;
    },
    dispose: () => replace({}, {}, updates),
  };
}

function differentiate(
  names: readonly string[],
  parameters: TensorMap,
  loss: (parameters: TensorMap) => Scalar,
): { value: Tensor; gradients: Record<string, Tensor> } {
  const tensors = names.map((name) => parameters[name]!);
  const { value, grads } = engine().gradients(() => loss(parameters), tensors, undefined, true);
  const missing = names.filter((_, index) => grads[index] == null);
  if (missing.length > 0) {
    throw new HeldoutError({
      code: 'E_ENGINE_GRADIENT',
      message: `the loss does not depend on ${missing.join(', ')}`,
      hints: ['use these parameters in the model, or leave them out of it'],
      exitCode: 1,
    });
  }
  return { value, gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]!])) };
}

function toTensors(arrays: NamedArrays): Record<string, Tensor> {
  const entries = Object.entries(arrays);
  return Object.fromEntries(
    entries.map(([name, { data, shape }]) => [
      name,
      tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  );
}

/** Copies, because some backends keep the array itself. */
function upload(arrays: NamedArrays): TensorMap {
  const copies = Object.entries(arrays).map(([name, { data, shape }]) => [
    name,
    { shape, data: data.slice() },
  ]);
  return tidy(() => {
    const tensors = toTensors(Object.fromEntries(copies));
    for (const value of Object.values(tensors)) keep(value);
    return tensors;
  });
}

function download(tensors: TensorMap): NamedArrays {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [
      name,
      { shape: value.shape, data: value.dataSync<'float32' | 'int32'>().slice() },
    ]),
  );
}

function zeroSlots(parameters: NamedArrays, slots: readonly string[]): NamedArrays {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { shape, data }]) =>
      slots.map((slot): [string, NamedArray] => [
        `${name}/${slot}`,
        { shape, data: new Float32Array(data.length) },
      ]),
    ),
  );
}

function checkShapes(state: TrainState, parameters: NamedArrays, slots: readonly string[]): void {
  const expected = { ...parameters, ...zeroSlots(parameters, slots) };
  const found = { ...state.parameters, ...state.slots };
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    const [want, have] = [expected[name], found[name]].map((array) => array && `[${array.shape.join(', ')}]`);
    if (want === have) continue;
    throw new HeldoutError({
      code: 'E_ENGINE_STATE',
      message: `the saved state does not fit the model: ${name} is ${have ?? 'missing'} there and ${want ?? 'missing'} here`,
      hints: ['start the run anew, or use the model that wrote this state'],
      exitCode: 1,
    });
  }
}
