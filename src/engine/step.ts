import { dispose, engine, keep, mul, type Scalar, Tensor, tidy } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import type {
  LossWithStatistics,
  Opposition,
  Optimizer,
  OwnStep,
  Quantities,
  StepTools,
  TensorMap,
  TrainerOptions,
} from './engine.js';
import { areFinite, keepFinite, nextScaling, readScaling } from './loss-scaling.js';

export interface StepState {
  readonly parameters: TensorMap;
  readonly slots: TensorMap;
}

/** One update: pure, so that it can be run eagerly or be recorded. */
export type Step = (
  state: StepState,
  batch: TensorMap,
  numbers: Quantities,
) => StepState & { readonly loss: Tensor };

/** The parameters that are trained, in their order. */
export function trainedNames({ parameters, frozen = [] }: TrainerOptions): string[] {
  const unknown = frozen.find((name) => !(name in parameters));
  if (unknown !== undefined) {
    throw new HeldoutError({
      code: 'E_ENGINE_FROZEN',
      message: `there is no parameter ${unknown} to freeze`,
      hints: [`parameters are ${Object.keys(parameters).join(', ')}`],
      exitCode: 1,
    });
  }
  return Object.keys(parameters).filter((name) => !frozen.includes(name));
}

/** Loss, gradients, what the optimiser does to them together, and one update of every trained parameter. */
export function trainingStep(options: TrainerOptions): Step {
  if (options.ownStep !== undefined) return ownStep(options, options.ownStep);
  return options.lossScaling === true ? scaledStep(options) : plainStep(options);
}

function ownStep(options: TrainerOptions, step: OwnStep): Step {
  const { optimizer } = options;
  const tools: StepTools = {
    trained: trainedNames(options),
    differentiate,
    update(state, gradients, numbers, place) {
      const clipped = optimizer.transform?.(gradients, numbers) ?? gradients;
      const next = updateTrained(atPlace(optimizer, place), state, clipped, numbers);
      return {
        parameters: { ...state.parameters, ...next.parameters },
        slots: { ...state.slots, ...next.slots },
      };
    },
  };
  return (state, batch, numbers) => {
    const next = step(tools, state, batch, numbers);
    const { follow } = optimizer;
    if (follow === undefined) return next;
    const slots: Record<string, Tensor> = { ...next.slots };
    for (const name of tools.trained) {
      const followed = follow(next.parameters[name]!, slotsOf(optimizer, name, next.slots), numbers);
      for (const slot in followed) slots[`${name}/${slot}`] = followed[slot]!;
    }
    return { ...next, slots };
  };
}

function slotsOf(optimizer: Optimizer, name: string, slots: TensorMap): TensorMap {
  return Object.fromEntries(optimizer.slots.map((slot) => [slot, slots[`${name}/${slot}`]!]));
}

/** An optimiser of which a step makes one update: what follows a parameter does so at once. */
function followAtOnce(optimizer: Optimizer): Optimizer {
  const { follow } = optimizer;
  if (follow === undefined) return optimizer;
  return {
    ...optimizer,
    update(parameter, gradient, slots, numbers, name) {
      const updated = optimizer.update(parameter, gradient, slots, numbers, name);
      return { ...updated, slots: { ...updated.slots, ...follow(updated.parameter, slots, numbers) } };
    },
  };
}

function atPlace(optimizer: Optimizer, place: number | undefined): Optimizer {
  if (place === undefined) return optimizer;
  return {
    ...optimizer,
    update: (parameter, gradient, slots, numbers, name) =>
      optimizer.update(parameter, gradient, slots, numbers, name, place),
  };
}

/** Those parameters that have a gradient, with their slots, after one update. */
function updateTrained(
  optimizer: Optimizer,
  { parameters, slots }: StepState,
  gradients: TensorMap,
  numbers: Quantities,
  /** Called with each gradient once it is not needed here any more. */
  done: (gradient: Tensor) => void = () => undefined,
): StepState {
  const nextParameters: Record<string, Tensor> = {};
  const nextSlots: Record<string, Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const state = slotsOf(optimizer, name, slots);
    const updated = tidy(() => optimizer.update(parameters[name]!, gradient, state, numbers, name));
    nextParameters[name] = updated.parameter;
    for (const slot of optimizer.slots) nextSlots[`${name}/${slot}`] = updated.slots[slot]!;
    done(gradient);
  }
  return { parameters: nextParameters, slots: nextSlots };
}

/** The same on a scaled loss; with gradients that are not finite, only the scale changes. */
function scaledStep(options: TrainerOptions): Step {
  const { loss, opposition } = options;
  return (state, batch, numbers) => {
    const { scale, unscale } = readScaling(state.slots);
    let finite: Tensor | undefined;
    const step = plainStep({
      ...options,
      loss(parameters, ...rest) {
        const result = separate(loss(parameters, ...rest));
        return { ...result, loss: mul(result.loss, scale) };
      },
      ...(opposition && {
        opposition: { ...opposition, loss: (...all) => mul(opposition.loss(...all), scale) },
      }),
      optimizer: {
        ...options.optimizer,
        transform(gradients, all) {
          const plain = Object.fromEntries(
            Object.entries(gradients).map(([name, gradient]) => [name, unscale(gradient)]),
          );
          finite = keep(areFinite(plain));
          return options.optimizer.transform?.(plain, all) ?? plain;
        },
      },
    });
    const next = step(state, batch, numbers);
    const trained = Object.keys(next.parameters).filter((name) => !options.frozen?.includes(name));
    const pick = (tensors: TensorMap) => Object.fromEntries(trained.map((name) => [name, tensors[name]!]));
    const result = {
      loss: unscale(next.loss),
      parameters: { ...next.parameters, ...keepFinite(finite!, pick(next.parameters), state.parameters) },
      slots: { ...keepFinite(finite!, next.slots, state.slots), ...nextScaling(finite!, state.slots) },
    };
    finite!.dispose();
    return result;
  };
}

function plainStep(options: TrainerOptions): Step {
  const { loss, opposition } = options;
  const optimizer = followAtOnce(options.optimizer);
  const trained = trainedNames(options);
  const own = trained.filter((name) => opposition?.parameters.includes(name) !== true);
  return ({ parameters, slots }, batch, numbers) => {
    let statistics: TensorMap = {};
    const { value, gradients: first } = differentiate(own, parameters, (current) => {
      const result = separate(loss(current, batch, numbers));
      // What is made within is freed when the differentiation ends.
      for (const one of Object.values(result.statistics)) keep(one);
      statistics = result.statistics;
      return result.loss;
    });
    const raw =
      opposition === undefined
        ? first
        : oppose(first, opposition, numbers, (of) =>
            differentiate(trained, parameters, (current) => of(current, batch, numbers)),
          );
    // What is not needed is freed as early as can be: in an eager step all of it would wait for its end.
    const gradients = tidy(() => optimizer.transform?.(raw, numbers) ?? raw);
    const remaining = new Set(Object.values(gradients));
    dispose(Object.values(raw).filter((one) => !remaining.has(one)));
    const next = updateTrained(optimizer, { parameters, slots }, gradients, numbers, (gradient) =>
      gradient.dispose(),
    );
    return {
      parameters: { ...parameters, ...statistics, ...next.parameters },
      slots: next.slots,
      loss: value,
    };
  };
}

/** The gradients that an opponent leaves, and those that it descends itself. */
function oppose(
  first: TensorMap,
  { loss, combine }: Opposition,
  numbers: Quantities,
  differentiateAll: (of: Opposition['loss']) => { value: Tensor; gradients: Record<string, Tensor> },
): TensorMap {
  const { value, gradients: opposing } = differentiateAll(loss);
  const combined = tidy(() =>
    combine(first, Object.fromEntries(Object.keys(first).map((name) => [name, opposing[name]!])), numbers),
  );
  const next = { ...opposing, ...combined };
  const remaining = new Set(Object.values(next));
  dispose([value, ...Object.values(first), ...Object.values(opposing)].filter((one) => !remaining.has(one)));
  return next;
}

function separate(result: Tensor | LossWithStatistics): LossWithStatistics {
  return result instanceof Tensor ? { loss: result, statistics: {} } : result;
}

function differentiate(
  names: readonly string[],
  parameters: TensorMap,
  loss: (parameters: TensorMap) => Tensor,
): { value: Tensor; gradients: Record<string, Tensor> } {
  const tensors = names.map((name) => parameters[name]!);
  const { value, grads } = engine().gradients(() => loss(parameters) as Scalar, tensors, undefined, true);
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
