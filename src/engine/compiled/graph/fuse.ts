import type { Part, RecordedOp, Recording, Source } from '../recording/recording.js';

/**
 * The part with gradients of our own ops (`engine/kernels/processor`) fused with what follows them, which saves a
 * pass over a large array each:
 *
 * - group norm of what ReLU made: the gradient of ReLU and that of the bias before it;
 * - layer norm beside a residual connection: the sum with the residual's gradient.
 */
export function fusePart(part: Part): Part {
  return { ...part, recording: fuseRecording(part.recording) };
}

function fuseRecording(recording: Recording): Recording {
  const uses = countUses(recording);
  const ops = [...recording.ops];
  /** What stands for a result of a former op. */
  const moved = new Map<string, Source>();
  for (const [index, op] of recording.ops.entries()) {
    const fused = fuseRelu(recording, op, uses) ?? fuseSum(recording, op, uses);
    if (fused === undefined) continue;
    ops[index] = fused.op;
    for (const [from, output] of fused.moves) moved.set(keyOf(from(index)), { kind: 'op', index, output });
  }
  if (moved.size === 0) return recording;
  const find = (source: Source) => moved.get(keyOf(source)) ?? source;
  const findAll = (sources: Readonly<Record<string, Source>>) =>
    Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, find(source)]));
  return {
    ...recording,
    ops: ops.map((op) => ({ ...op, inputs: op.inputs.map(find) })),
    updates: recording.updates.map((update) => ({
      ...update,
      changes: update.changes.map(find),
      start: update.start && find(update.start),
      inputs: update.inputs.map(find),
      results: update.results.map(find),
    })),
    state: findAll(recording.state),
    outputs: findAll(recording.outputs),
  };
}

interface Fused {
  readonly op: RecordedOp;
  /** Which former results its outputs are; `index` is that of the op which it replaces. */
  readonly moves: readonly (readonly [from: (index: number) => Source, output: number])[];
}

type Uses = ReadonlyMap<string, number>;

function fuseRelu({ ops }: Recording, op: RecordedOp, uses: Uses): Fused | undefined {
  if (op.op !== 'HeldoutReluBiasGrad' || op.attributes.length > 0) return undefined;
  const [dy, y] = op.inputs as [Source, Source];
  const norm = onlyUsed('HeldoutGroupNormGrad', dy, ops, uses);
  if (norm === undefined || keyOf(norm.op.inputs[1]!) !== keyOf(y)) return undefined;
  const [dx, ...others] = norm.op.shapes;
  return {
    op: {
      ...norm.op,
      op: 'HeldoutGroupNormReluGrad',
      types: [...norm.op.types, op.types[1]!],
      shapes: [dx!, ...others, op.shapes[1]!],
      site: op.site,
    },
    moves: [
      [() => result(norm.index, 1), 1],
      [() => result(norm.index, 2), 2],
      [(index) => result(index, 1), 3],
    ],
  };
}

function fuseSum({ ops }: Recording, op: RecordedOp, uses: Uses): Fused | undefined {
  if (op.op !== 'Add' && op.op !== 'AddV2') return undefined;
  for (const [own, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const norm = onlyUsed('HeldoutLayerNormGrad', op.inputs[own]!, ops, uses);
    const added = op.inputs[other]!;
    if (norm === undefined || added.kind !== 'op') continue;
    const shape = ops[added.index]!.shapes[added.output]!;
    if (shape.join() !== op.shapes[0]!.join()) continue;
    return {
      op: {
        ...norm.op,
        op: 'HeldoutLayerNormAddedGrad',
        inputs: [...norm.op.inputs, added],
        shapes: [op.shapes[0]!, ...norm.op.shapes.slice(1)],
        site: op.site,
      },
      moves: [
        [() => result(norm.index, 1), 1],
        [() => result(norm.index, 2), 2],
      ],
    };
  }
  return undefined;
}

/** The op of this name whose first result this is, if nothing else takes that. */
function onlyUsed(name: string, source: Source, ops: readonly RecordedOp[], uses: Uses) {
  if (source.kind !== 'op' || source.output !== 0 || uses.get(keyOf(source)) !== 1) return undefined;
  const op = ops[source.index]!;
  return op.op === name ? { op, index: source.index } : undefined;
}

function countUses({ ops, updates, state, outputs }: Recording): Uses {
  const uses = new Map<string, number>();
  const count = (source: Source) => uses.set(keyOf(source), (uses.get(keyOf(source)) ?? 0) + 1);
  for (const { inputs } of ops) inputs.forEach(count);
  for (const { changes, start, inputs } of updates) {
    for (const source of [...changes, ...inputs, ...(start === undefined ? [] : [start])]) count(source);
  }
  for (const source of [...Object.values(state), ...Object.values(outputs)]) count(source);
  return uses;
}

const result = (index: number, output: number): Source => ({ kind: 'op', index, output });

function keyOf(source: Source): string {
  return source.kind === 'op'
    ? `op ${source.index} ${source.output}`
    : `${source.kind} ${'name' in source ? source.name : source.index}`;
}
