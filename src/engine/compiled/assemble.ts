import { DataType, dataTypeOf } from '../backends/tensorflow-backend.js';
import { attribute, Graph, type GraphNode, shapeAttribute, typeAttribute } from './graph.js';
import type { FusedUpdate, Recording, Source } from './recording.js';

export interface Signature {
  /** As TF.js calls it: `float32`, `int32`, `bool`. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Nodes by the names of what they belong to. */
export interface ProgramNames {
  /** Of the inputs that the function uses. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Placeholders of new state, and the node that takes them over. */
  readonly assign: Readonly<Record<string, string>>;
  readonly assigned: string;
}

/**
 * The graph of a recording: state becomes resource variables, inputs placeholders. All outputs come after all
 * assignments, and assignments after all reads of what they change.
 */
export function assemble({
  recording,
  state,
  inputs,
  xla,
}: {
  readonly recording: Recording;
  readonly state: Readonly<Record<string, Signature>>;
  readonly inputs: Readonly<Record<string, Signature>>;
  readonly xla: boolean;
}): { readonly nodes: GraphNode[]; readonly names: ProgramNames } {
  const graph = new Graph();
  const inputNames = mapKeys(inputs, (_, signature, index) => addPlaceholder(graph, `in${index}`, signature));
  const variables = mapKeys(state, (_, { dtype, shape }, index) => {
    const type = typeAttribute('dtype', dataTypeOf(dtype));
    const handle = graph.add(
      `var${index}`,
      'VarHandleOp',
      [],
      [type, shapeAttribute('shape', shape), attribute('shared_name', 'string', `var${index}`)],
    );
    return { handle, type, read: graph.add(`read${index}`, 'ReadVariableOp', [handle], [type]) };
  });
  addOps(graph, recording, inputNames, variables, xla);
  const nameOf = (source: Source) => nodeName(source, inputNames, variables);
  const changed = addUpdates(graph, recording, variables, nameOf);
  const outputs = mapKeys(recording.outputs, (_, source, index) =>
    graph.add(
      `out${index}`,
      'Identity',
      [nameOf(source), ...changed.map((node) => `^${node}`)],
      [typeAttribute('T', typeOf(source, recording, state, inputs))],
    ),
  );
  const assign = mapKeys(state, (_, signature, index) => addPlaceholder(graph, `new${index}`, signature));
  const assignments = Object.entries(assign).map(([name, node], index) => {
    const { handle, type } = variables[name]!;
    return graph.add(`set${index}`, 'AssignVariableOp', [handle, node], [type]);
  });
  const assigned = graph.add(
    'set',
    'Identity',
    [addNumber(graph, 'none', 0), ...assignments.map((node) => `^${node}`)],
    [typeAttribute('T', DataType.float32)],
  );
  const fetched = mapKeys(state, (name, { dtype }, index) =>
    graph.add(`get${index}`, 'Identity', [variables[name]!.read], [typeAttribute('T', dataTypeOf(dtype))]),
  );
  const ends = [outputs, fetched, assign].flatMap((part) => Object.values(part));
  const nodes = graph.nodesFor([...ends, assigned]);
  const present = new Set(nodes.map(({ name }) => name));
  const used = Object.fromEntries(Object.entries(inputNames).filter(([, node]) => present.has(node)));
  return { nodes, names: { inputs: used, outputs, state: fetched, assign, assigned } };
}

interface Variable {
  readonly handle: string;
  readonly read: string;
  readonly type: ReturnType<typeof typeAttribute>;
}

function nodeName(
  source: Source,
  inputs: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, Variable>>,
): string {
  switch (source.kind) {
    case 'constant':
      return `c${source.index}`;
    case 'op':
      return source.output === 0 ? `op${source.index}` : `op${source.index}:${source.output}`;
    case 'input':
      return inputs[source.name]!;
    case 'state':
      return variables[source.name]!.read;
  }
}

function addOps(
  graph: Graph,
  { constants, ops }: Recording,
  inputs: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, Variable>>,
  xla: boolean,
): void {
  for (const [index, constant] of constants.entries()) graph.constant(`c${index}`, constant);
  for (const [index, { op, attributes, inputs: sources }] of ops.entries()) {
    graph.add(
      `op${index}`,
      op,
      sources.map((source) => nodeName(source, inputs, variables)),
      xla ? [...attributes, attribute('_XlaCompile', 'bool', true)] : attributes,
    );
  }
}

/** Adds what changes the state; returns the nodes after which it is changed. */
function addUpdates(
  graph: Graph,
  recording: Recording,
  variables: Readonly<Record<string, Variable>>,
  nameOf: (source: Source) => string,
): string[] {
  const left = new Map(Object.entries(recording.state));
  const nodes: string[] = [];
  for (const update of recording.updates) {
    const names = changedNames(update, recording);
    if (names === undefined) continue;
    const handles = names.map((name) => variables[name]!.handle);
    const reads = names.map((name) => `^${variables[name]!.read}`);
    nodes.push(
      graph.add(
        `update${nodes.length}`,
        update.op,
        [...handles, ...update.inputs.map(nameOf), ...reads],
        update.attributes,
      ),
    );
    for (const name of names) left.delete(name);
  }
  for (const [name, source] of left) {
    if (source.kind === 'state' && source.name === name) continue;
    const { handle, read, type } = variables[name]!;
    nodes.push(
      graph.add(`update${nodes.length}`, 'AssignVariableOp', [handle, nameOf(source), `^${read}`], [type]),
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

function typeOf(
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

function addPlaceholder(graph: Graph, name: string, { dtype, shape }: Signature): string {
  return graph.add(
    name,
    'Placeholder',
    [],
    [typeAttribute('dtype', dataTypeOf(dtype)), shapeAttribute('shape', shape)],
  );
}

function addNumber(graph: Graph, name: string, value: number): string {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return graph.constant(name, { dtype: DataType.float32, shape: [], bytes });
}

function mapKeys<T, U>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T, index: number) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value], index) => [name, map(name, value, index)]),
  );
}
