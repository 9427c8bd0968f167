import { dataTypeOf } from '../../backends/tensorflow-backend.js';
import type { FusedUpdate, Part, Recording, Signature, Source } from '../recording/recording.js';
import { attribute, type Graph, typeAttribute } from './graph.js';

/** Where a step stands in its graph. */
export interface StepScope {
  readonly prefix: string;
  readonly variables: Readonly<Record<string, Pick<Variable, 'handle' | 'type'>>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** Nodes after which the state may be read. */
  readonly after: readonly string[];
}

/**
 * Adds the function once. All outputs come after all assignments, and assignments after all reads of what they
 * change.
 */
export function addStep(graph: Graph, { recording, state, inputs, xla }: Part, at: StepScope) {
  const { prefix, after } = at;
  const ordered = after.map((node) => `^${node}`);
  const variables = mapKeys(at.variables, (_, { handle, type }, index) => ({
    handle,
    type,
    read: graph.add(`${prefix}read${index}`, 'ReadVariableOp', [handle, ...ordered], [type]),
  }));
  const fused = recording.updates.flatMap((update) => {
    const names = changedNames(update, recording);
    return names === undefined ? [] : [{ update, names }];
  });
  const scope: Scope = { prefix, inputs: at.inputs, variables, replaced: replacements(prefix, fused) };
  addOps(graph, recording, scope, xla);
  const changed = addUpdates(graph, recording, fused, scope);
  const outputs = mapKeys(recording.outputs, (_, source, index) =>
    graph.add(
      `${prefix}out${index}`,
      'Identity',
      [nodeName(source, scope), ...changed.map((node) => `^${node}`)],
      [typeAttribute('T', typeOf(source, recording, state, inputs))],
    ),
  );
  return { outputs, changed, reads: mapKeys(variables, (_, { read }) => read) };
}

/** How the nodes of a part are called. */
interface Scope {
  readonly prefix: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, Variable>>;
  /** What stands for a result of an op, as JSON. */
  readonly replaced: ReadonlyMap<string, string>;
}

interface Variable {
  readonly handle: string;
  readonly read: string;
  readonly type: ReturnType<typeof typeAttribute>;
}

function nodeName(source: Source, { prefix, inputs, variables, replaced }: Scope): string {
  const other = replaced.get(JSON.stringify(source));
  if (other !== undefined) return other;
  switch (source.kind) {
    case 'constant':
      return `${prefix}c${source.index}`;
    case 'op':
      return `${prefix}op${source.index}${source.output === 0 ? '' : `:${source.output}`}`;
    case 'input':
      return inputs[source.name]!;
    case 'state':
      return variables[source.name]!.read;
  }
}

function addOps(graph: Graph, { constants, ops }: Recording, scope: Scope, xla: boolean): void {
  for (const [index, constant] of constants.entries()) graph.constant(`${scope.prefix}c${index}`, constant);
  for (const [index, { op, attributes, inputs: sources }] of ops.entries()) {
    graph.add(
      `${scope.prefix}op${index}`,
      op,
      sources.map((source) => nodeName(source, scope)),
      xla && !drawnOtherwise.has(op) ? [...attributes, attribute('_XlaCompile', 'bool', true)] : attributes,
    );
  }
}

/** What XLA draws has other bits than what every other tier does. */
const drawnOtherwise: ReadonlySet<string> = new Set(['StatelessRandomUniform']);

interface Fused {
  readonly update: FusedUpdate;
  /** Of the state that it changes. */
  readonly names: readonly string[];
}

/** Who takes the result of a fused update reads the variable after it, and the ops that compute the same go. */
function replacements(prefix: string, fused: readonly Fused[]): ReadonlyMap<string, string> {
  const entries = fused.flatMap(({ update: { results } }, index) =>
    results.flatMap((result, place) =>
      result.kind === 'op' ? [[JSON.stringify(result), readAfter(prefix, index, place)] as const] : [],
    ),
  );
  return new Map(entries);
}

function readAfter(prefix: string, index: number, place: number): string {
  return `${prefix}after${index}_${place}`;
}

/** Adds what changes the state; returns the nodes after which it is changed. */
function addUpdates(graph: Graph, recording: Recording, fused: readonly Fused[], scope: Scope): string[] {
  const { prefix, variables } = scope;
  const nameOf = (source: Source) => nodeName(source, scope);
  const left = new Map(Object.entries(recording.state));
  const nodes: string[] = [];
  for (const [index, { update, names }] of fused.entries()) {
    const changes = names.map((name) => variables[name]!);
    const handles = changes.map(({ handle }) => handle);
    const before = changes.map(({ read }) => `^${read}`);
    if (update.start !== undefined) {
      const [{ handle, type }] = changes as [Variable];
      const started = [handle, nameOf(update.start), ...before];
      before.push(`^${graph.add(`${prefix}start${index}`, 'AssignVariableOp', started, [type])}`);
    }
    const inputs = [...handles, ...update.inputs.map(nameOf), ...before];
    const node = graph.add(`${prefix}update${index}`, update.op, inputs, update.attributes);
    for (const [place, { handle, type }] of changes.entries()) {
      graph.add(readAfter(prefix, index, place), 'ReadVariableOp', [handle, `^${node}`], [type]);
    }
    nodes.push(node);
    for (const name of names) left.delete(name);
  }
  for (const [name, source] of left) {
    if (source.kind === 'state' && source.name === name) continue;
    const { handle, read, type } = variables[name]!;
    nodes.push(
      graph.add(
        `${prefix}update${nodes.length}`,
        'AssignVariableOp',
        [handle, nameOf(source), `^${read}`],
        [type],
      ),
    );
  }
  return nodes;
}

/** The state that a fused update changes, if its results are all that becomes of it. */
function changedNames({ changes, results }: FusedUpdate, { state }: Recording): string[] | undefined {
  const names = changes.map((source, index) => {
    if (source.kind !== 'state') return undefined;
    const next = state[source.name];
    return JSON.stringify(next) === JSON.stringify(results[index]) ? source.name : undefined;
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** TF_DataType of a tensor of a recording. */
export function typeOf(
  source: Source,
  { constants, ops }: Recording,
  state: Readonly<Record<string, Signature>>,
  inputs: Readonly<Record<string, Signature>>,
): number {
  switch (source.kind) {
    case 'constant':
      return constants[source.index]!.dtype;
    case 'op':
      return ops[source.index]!.types[source.output]!;
    case 'input':
      return dataTypeOf(inputs[source.name]!.dtype);
    case 'state':
      return dataTypeOf(state[source.name]!.dtype);
  }
}

export function mapKeys<T, U>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T, index: number) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value], index) => [name, map(name, value, index)]),
  );
}
