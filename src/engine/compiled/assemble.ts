import { DataType, dataTypeOf } from '../backends/tensorflow-backend.js';
import { attribute, Graph, type GraphNode, shapeAttribute, typeAttribute } from './graph.js';
import type { FusedUpdate, Recording, Source } from './recording.js';

export interface Signature {
  /** As TF.js calls it: `float32`, `int32`, `bool`. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Nodes by the names of what they belong to. */
export interface Ports {
  /** Of the inputs that the function uses. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ProgramNames extends Ports {
  /** Of several calls in one. */
  readonly many: Ports | undefined;
  readonly state: Readonly<Record<string, string>>;
  /** Placeholders of new state, and the node that takes them over. */
  readonly assign: Readonly<Record<string, string>>;
  readonly assigned: string;
}

/** A recorded function and what it works on. */
export interface Part {
  readonly recording: Recording;
  /** Types and shapes of the state and of the inputs, by name. */
  readonly state: Readonly<Record<string, Signature>>;
  readonly inputs: Readonly<Record<string, Signature>>;
  /** Lets XLA compile what it can. */
  readonly xla: boolean;
  /** Also makes a function of so many calls one after the other. Default 1: none. */
  readonly repeat?: number;
}

/** One graph of functions that share nothing, and the names of each. */
export function assemble(
  parts: readonly Part[],
  bits = false,
): {
  readonly nodes: GraphNode[];
  readonly names: ProgramNames[];
} {
  const graph = new Graph();
  const names = parts.map((part, index) =>
    addPart(graph, part, parts.length === 1 ? '' : `replica${index}/`, bits),
  );
  const ends = names.flatMap(({ outputs, state, assign, assigned, many }) => [
    ...[outputs, state, assign, many?.outputs ?? {}].flatMap((group) => Object.values(group)),
    assigned,
  ]);
  const nodes = graph.nodesFor(ends);
  const present = new Set(nodes.map(({ name }) => name));
  const used = (inputs: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(inputs).filter(([, node]) => present.has(node)));
  return {
    nodes,
    names: names.map((one) => ({
      ...one,
      inputs: used(one.inputs),
      many: one.many && { ...one.many, inputs: used(one.many.inputs) },
    })),
  };
}

/** Adds a recording: state becomes resource variables, inputs placeholders. */
function addPart(graph: Graph, part: Part, prefix: string, bits: boolean): ProgramNames {
  const { state, inputs, repeat = 1 } = part;
  const enter = (name: string, signature: Signature) =>
    addPlaceholder(graph, `${prefix}${name}`, signature, bits);
  const variables = mapKeys(state, (_, { dtype, shape }, index) => {
    const type = typeAttribute('dtype', dataTypeOf(dtype));
    const name = `${prefix}var${index}`;
    const attributes = [type, shapeAttribute('shape', shape), attribute('shared_name', 'string', name)];
    return { handle: graph.add(name, 'VarHandleOp', [], attributes), type };
  });
  const entrances = mapKeys(inputs, (_, signature, index) => enter(`in${index}`, signature));
  const { reads, outputs } = addStep(graph, part, {
    prefix,
    variables,
    inputs: valuesOf(entrances),
    after: [],
  });
  const assign = mapKeys(state, (_, signature, index) => enter(`new${index}`, signature));
  const assignments = Object.entries(assign).map(([name, { value }], index) => {
    const { handle, type } = variables[name]!;
    return graph.add(`${prefix}set${index}`, 'AssignVariableOp', [handle, value], [type]);
  });
  const assigned = graph.add(
    `${prefix}set`,
    'Identity',
    [addNumber(graph, `${prefix}none`, 0), ...assignments.map((node) => `^${node}`)],
    [typeAttribute('T', DataType.float32)],
  );
  const fetched = mapKeys(state, (name, { dtype }, index) =>
    graph.add(`${prefix}get${index}`, 'Identity', [reads[name]!], [typeAttribute('T', dataTypeOf(dtype))]),
  );
  const fed = (entrance: Readonly<Record<string, Entrance>>) => mapKeys(entrance, (_, one) => one.fed);
  return {
    inputs: fed(entrances),
    outputs,
    state: fetched,
    assign: fed(assign),
    assigned,
    many: repeat === 1 ? undefined : addRepeated(graph, part, { prefix, variables, enter, repeat }),
  };
}

/** The function `repeat` times, each after the one before: inputs and outputs have a first axis of that length. */
function addRepeated(
  graph: Graph,
  part: Part,
  {
    prefix,
    variables,
    enter,
    repeat,
  }: {
    readonly prefix: string;
    readonly variables: StepScope['variables'];
    readonly repeat: number;
    enter(name: string, signature: Signature): Entrance;
  },
): Ports {
  const { inputs, recording, state } = part;
  const entrances = mapKeys(inputs, (_, { dtype, shape }, index) =>
    enter(`many${index}`, { dtype, shape: [repeat, ...shape] }),
  );
  const each = mapKeys(inputs, (name, { dtype }, index) => {
    const attributes = [
      attribute('num', 'int', repeat),
      attribute('axis', 'int', 0),
      typeAttribute('T', dataTypeOf(dtype)),
    ];
    return graph.add(`${prefix}each${index}`, 'Unpack', [entrances[name]!.value], attributes);
  });
  const results: Record<string, string>[] = [];
  let after: readonly string[] = [];
  for (let time = 0; time < repeat; time++) {
    const values = mapKeys(each, (_, node) => (time === 0 ? node : `${node}:${time}`));
    const step = addStep(graph, part, { prefix: `${prefix}time${time}/`, variables, inputs: values, after });
    after = step.changed;
    results.push(step.outputs);
  }
  const outputs = mapKeys(recording.outputs, (name, source, index) => {
    const attributes = [
      attribute('N', 'int', repeat),
      attribute('axis', 'int', 0),
      typeAttribute('T', typeOf(source, recording, state, inputs)),
    ];
    return graph.add(
      `${prefix}all${index}`,
      'Pack',
      results.map((one) => one[name]!),
      attributes,
    );
  });
  return { inputs: mapKeys(entrances, (_, { fed }) => fed), outputs };
}

interface StepScope {
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
function addStep(graph: Graph, { recording, state, inputs, xla }: Part, at: StepScope) {
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

function valuesOf(entrances: Readonly<Record<string, Entrance>>): Record<string, string> {
  return mapKeys(entrances, (_, { value }) => value);
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
      xla ? [...attributes, attribute('_XlaCompile', 'bool', true)] : attributes,
    );
  }
}

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

/** On a GPU floats enter as integers of the same bits (see `backends/device.ts`). */
function addPlaceholder(graph: Graph, name: string, { dtype, shape }: Signature, bits: boolean): Entrance {
  const asBits = bits && dtype === 'float32';
  const type = asBits ? DataType.int32 : dataTypeOf(dtype);
  const attributes = [typeAttribute('dtype', type), shapeAttribute('shape', shape)];
  const fed = graph.add(name, 'Placeholder', [], attributes);
  if (!asBits) return { fed, value: fed };
  const types = [typeAttribute('T', DataType.int32), typeAttribute('type', DataType.float32)];
  return { fed, value: graph.add(`${name}/float`, 'Bitcast', [fed], types) };
}

/** What is fed, and what the graph takes for it. */
interface Entrance {
  readonly fed: string;
  readonly value: string;
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
