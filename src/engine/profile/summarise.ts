import { attributeCalls, betweenLayers, optimiser, severalLayers } from './attribute.js';
import type { Call, StepCalls } from './calls.js';
import { flopsOf } from './flops.js';
import type { LayerProfile, OpProfile, OpsProfile, ShapeProfile, Work } from './profile.js';
import { medianOf } from './profile.js';

const shapesKept = 3;

/** The ops of some steps: each has its median over the steps, which do the same ops. */
export function summarise(steps: readonly StepCalls[]): Omit<OpsProfile, 'step' | 'asynchronous'> {
  const first = steps[0]!;
  const alike = steps.filter(({ calls }) => sameOps(calls, first.calls));
  const calls = first.calls.map((call, index) => ({
    ...call,
    milliseconds: medianOf(alike.map((step) => step.calls[index]!.milliseconds)),
  }));
  const milliseconds = sumOf(calls, ({ milliseconds: own }) => own);
  return {
    steps: alike.length,
    milliseconds,
    matrix: matrixWork(calls),
    ops: profileOps(calls, milliseconds),
    layers: profileLayers(calls, attributeCalls(first), milliseconds),
  };
}

/** A step whose ops depend on its numbers may do others. */
function sameOps(some: readonly Call[], others: readonly Call[]): boolean {
  return some.length === others.length && some.every(({ op }, index) => op === others[index]!.op);
}

function profileOps(calls: readonly Call[], total: number): OpProfile[] {
  const ops = [...groupBy(calls, ({ op }) => op)].map(
    ([op, own]): OpProfile => ({
      op,
      calls: own.length,
      ...sumUp(own, total),
      shapes: profileShapes(own),
    }),
  );
  return ops.sort((a, b) => b.milliseconds - a.milliseconds);
}

function profileShapes(calls: readonly Call[]): ShapeProfile[] {
  const shapes = [...groupBy(calls, describeShapes)].map(([text, own]) => ({
    shapes: text,
    calls: own.length,
    milliseconds: sumOf(own, ({ milliseconds }) => milliseconds),
  }));
  return shapes.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, shapesKept);
}

/** Of the inputs that are arrays of numbers; shapes and axes that some ops take as tensors tell nothing. */
function describeShapes({ inputs }: Call): string {
  const arrays = inputs.filter(({ dtype, shape }) => dtype !== 'int32' && shape.length > 0);
  const shown = arrays.length > 0 ? arrays : inputs;
  return shown.map(({ shape }) => `[${shape.join(', ')}]`).join(' ') || 'no inputs';
}

function profileLayers(calls: readonly Call[], layers: readonly string[], total: number): LayerProfile[] {
  const indexed = calls.map((call, index) => ({ call, layer: layers[index]! }));
  const rows = [...groupBy(indexed, ({ layer }) => layer)].map(([layer, members]): LayerProfile => {
    const own = members.map(({ call }) => call);
    const inPhase = (phase: Call['phase']) =>
      sumOf(
        own.filter((call) => call.phase === phase),
        ({ milliseconds }) => milliseconds,
      );
    return { layer, forward: inPhase('forward'), backward: inPhase('backward'), ...sumUp(own, total) };
  });
  const last = [severalLayers, betweenLayers, optimiser];
  return rows.sort((a, b) => last.indexOf(a.layer) - last.indexOf(b.layer));
}

function sumUp(calls: readonly Call[], total: number): Work & { readonly share: number } {
  const milliseconds = sumOf(calls, (call) => call.milliseconds);
  return { milliseconds, flops: sumOf(calls, flopsOf), share: total === 0 ? 0 : milliseconds / total };
}

function matrixWork(calls: readonly Call[]): Work {
  const own = calls.filter((call) => flopsOf(call) > 0);
  return { milliseconds: sumOf(own, (call) => call.milliseconds), flops: sumOf(own, flopsOf) };
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const own = groups.get(key(item));
    if (own === undefined) groups.set(key(item), [item]);
    else own.push(item);
  }
  return groups;
}
