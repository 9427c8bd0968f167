import { dataTypeOf } from '../../../backends/tensorflow-backend.js';
import {
  checkEqual,
  type FusedUpdate,
  type Part,
  type Recording,
  type Signature,
  type Source,
  UnrecordableError,
} from '../../recording/recording.js';
import { layoutOf } from '../../resident/holding.js';
import { alongAxis } from './axes.js';
import { batches } from './batches.js';
import { Builder, type Rule, UnstackableError, type Value } from './builder.js';
import { losses } from './cross-entropy.js';
import { elementwise } from './elementwise.js';
import { gathers } from './gathers.js';
import { processor } from './processor.js';
import { products } from './products.js';
import { separate } from './separate.js';
import { shapes } from './shapes.js';

const rules: Readonly<Record<string, Rule>> = {
  ...elementwise,
  ...products,
  ...alongAxis,
  ...shapes,
  ...losses,
  ...gathers,
  ...batches,
  ...separate,
  ...processor,
};

/** The place of the gradient among the inputs of fused updates, whose other inputs are numbers. */
const gradientPlace: Readonly<Record<string, number>> = {
  ResourceApplyAdam: 6,
  ResourceApplyGradientDescent: 1,
  ResourceApplyKerasMomentum: 1,
  ResourceApplyMomentum: 1,
};

/**
 * A function that does at once what the part does for each of `size` replicas. State, inputs and outputs have a
 * leading axis of that size; inputs of `shared` have none, since they are the same for all. Nothing mixes rows.
 * Throws UnstackableError when there is no rule for what the part does.
 */
export function stackPart(part: Part, size: number, shared: ReadonlySet<string>): Part {
  const { recording, state, inputs, xla, precision, resident, repeat } = part;
  const graph = new Builder(size, recording.constants);
  const find = stackOps(part, shared, graph);
  return {
    recording: {
      ops: graph.ops,
      constants: graph.constants,
      updates: recording.updates.flatMap((update) => stackUpdate(update, find, graph)),
      state: mapValues(recording.state, (source) => graph.spread(find(source)).source),
      outputs: mapValues(recording.outputs, (source) => graph.spread(find(source)).source),
    },
    state: mapValues(state, (signature) => stackSignature(signature, size)),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, signature]) => [
        name,
        shared.has(name) ? signature : stackSignature(signature, size),
      ]),
    ),
    xla,
    ...(repeat === undefined ? {} : { repeat }),
    ...(resident && { resident: { ...resident, rows: stackSignature(resident.rows, size) } }),
    precision,
  };
}

/** Stacks op after op; returns how to find what became of a value. */
function stackOps(part: Part, shared: ReadonlySet<string>, graph: Builder): (source: Source) => Value {
  const { recording } = part;
  const results: (readonly Value[])[] = [];
  const find = (source: Source): Value => {
    switch (source.kind) {
      case 'constant': {
        const { dtype, shape } = recording.constants[source.index]!;
        return { source, type: dtype, shape, stacked: false };
      }
      case 'op': {
        const value = results[source.index]![source.output];
        if (value === undefined) {
          throw new UnstackableError(`output ${source.output + 1} of ${recording.ops[source.index]!.op}`);
        }
        return value;
      }
      case 'state':
        return enter(source, part.state[source.name]!, graph.size);
      case 'input':
        return enter(source, part.inputs[source.name]!, shared.has(source.name) ? undefined : graph.size);
    }
  };
  for (const { op, attributes, inputs: sources, types, shapes: own, site } of recording.ops) {
    const inputs = sources.map(find);
    const outputs = types.map((type, index) => ({ type, shape: own[index]! }));
    const rule = rules[op];
    if (!inputs.some(({ stacked }) => stacked)) {
      results.push(graph.add(op, attributes, inputs, outputs, false));
    } else if (rule === undefined) {
      throw new UnstackableError(op, site);
    } else {
      results.push(rule({ op, attributes, inputs, outputs }, graph));
    }
  }
  return find;
}

function enter(source: Source, { dtype, shape }: Signature, size: number | undefined): Value {
  const stacked = size !== undefined;
  return { source, type: dataTypeOf(dtype), shape: stacked ? [size, ...shape] : shape, stacked };
}

/** TensorFlow's fused updates take numbers for all rows; without one, the ops that compute the same stay. */
function stackUpdate(update: FusedUpdate, find: (source: Source) => Value, graph: Builder): FusedUpdate[] {
  const place = gradientPlace[update.op];
  const inputs = update.inputs.map(find);
  const start = update.start && graph.spread(find(update.start)).source;
  if (place === undefined || inputs.some(({ stacked }, index) => stacked && index !== place)) return [];
  return [
    {
      ...update,
      start,
      inputs: inputs.map((input, index) => (index === place ? graph.spread(input) : input).source),
      results: update.results.map((source) => graph.spread(find(source)).source),
    },
  ];
}

/** Throws UnstackableError when the replicas do not all do the same. */
export function checkAlike([first, ...others]: readonly Part[]): void {
  for (const other of others) checkSame(first!, other);
}

function checkSame(first: Part, other: Part): void {
  const signatures = ({ state, inputs, xla }: Part) => JSON.stringify([state, inputs, xla]);
  if (signatures(first) !== signatures(other)) throw new UnstackableError('replicas of different shapes');
  const rows = ({ resident }: Part) => resident && [resident.rows.shape, layoutOf(resident.arrays)].join();
  if (rows(first) !== rows(other)) {
    throw new UnstackableError('replicas of which some have their training data on the device');
  }
  if (updatesOf(first.recording) !== updatesOf(other.recording)) {
    throw new UnstackableError('replicas with different optimizers');
  }
  try {
    checkEqual(first.recording, other.recording);
  } catch (error) {
    if (!(error instanceof UnrecordableError)) throw error;
    throw new UnstackableError(`replicas with different steps (${error.what})`, error.site);
  }
}

function updatesOf({ updates }: Recording): string {
  return JSON.stringify(updates.map(({ op, attributes, changes }) => [op, attributes, changes]));
}

function stackSignature({ dtype, shape }: Signature, size: number): Signature {
  return { dtype, shape: [size, ...shape] };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
