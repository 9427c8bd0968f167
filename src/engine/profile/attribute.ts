import type { Call, StepCalls } from './calls.js';

/** What no layer's parameter takes part in. */
export const betweenLayers = 'between layers';
/** What parameters of several layers take part in at once. */
export const severalLayers = 'several layers';
export const optimiser = 'optimiser';

/** `encoder/conv1` of `encoder/conv1/kernel`; a parameter without a path is a layer of its own. */
export function layerOf(parameter: string): string {
  const end = parameter.lastIndexOf('/');
  return end <= 0 ? parameter : parameter.slice(0, end);
}

/**
 * The layer that each call belongs to. An op belongs to the layer whose parameter it takes, or what was computed
 * from such parameters alone; an op that is a part of a larger one (a kernel, an op with a gradient of its own, or
 * their gradients) to that one's layer. In the backward pass an op on which the gradients of one layer alone depend
 * belongs to that layer. What the optimiser does is the optimiser's.
 */
export function attributeCalls(step: StepCalls): string[] {
  const takes = followParameters(step);
  const serves = followGradients(step);
  return step.calls.map((call) => {
    if (call.phase === 'update') return optimiser;
    const found = [call.inputs.map(({ id }) => id), ...call.groups].map((ids) =>
      union(ids.map((id) => takes.get(id))),
    );
    const one = found.find(({ size }) => size === 1);
    if (one !== undefined) return first(one);
    if (found.some(({ size }) => size > 1)) return severalLayers;
    const served = call.phase === 'backward' ? servedBy(call, serves) : new Set<string>();
    return served.size === 1 ? first(served) : betweenLayers;
  });
}

type Layers = ReadonlySet<string>;

/**
 * By id of a tensor: the layers whose parameters it is, or is computed from in the forward pass without anything of
 * the batch. In the backward pass a gradient may depend on kernels alone, and is yet another layer's.
 */
function followParameters({ calls, parameters, batch }: StepCalls): Map<number, Layers> {
  const layers = new Map<number, Layers>(
    [...parameters].map(([id, name]) => [id, new Set([layerOf(name)])] as const),
  );
  const data = new Set(batch);
  for (const { phase, inputs, outputs } of calls) {
    if (phase !== 'forward') continue;
    const fromData = inputs.some(({ id }) => data.has(id));
    const taken = union(inputs.map(({ id }) => layers.get(id)));
    for (const { id } of outputs) {
      if (parameters.has(id) || batch.has(id)) continue;
      if (fromData) data.add(id);
      else if (taken.size > 0) layers.set(id, taken);
    }
  }
  return layers;
}

/** By id of a tensor: the layers whose parameters' gradients depend on it, through the backward pass. */
function followGradients({ calls, gradients }: StepCalls): Map<number, Set<string>> {
  const serves = new Map([...gradients].map(([id, name]) => [id, new Set([layerOf(name)])] as const));
  for (const call of calls.toReversed()) {
    if (call.phase !== 'backward') continue;
    const served = servedBy(call, serves);
    for (const { id } of call.inputs) serves.set(id, union([serves.get(id), served]));
  }
  return serves;
}

function servedBy({ outputs }: Call, serves: ReadonlyMap<number, Layers>): Set<string> {
  return union(outputs.map(({ id }) => serves.get(id)));
}

function union(sets: readonly (Layers | undefined)[]): Set<string> {
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
}

function first(set: Layers): string {
  return [...set][0]!;
}
