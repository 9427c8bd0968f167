import { DataType, dataTypeOf } from '../../backends/tensorflow-backend.js';
import { rowsInput } from '../../resident.js';
import type { Part, Signature } from '../recording/recording.js';
import { fedInputs } from '../resident/holding.js';
import { addRows, addStore, type Store, type StoreNames } from '../resident/store-nodes.js';
import { attribute, Graph, type GraphNode, shapeAttribute, typeAttribute } from './graph.js';
import { addStep, mapKeys, type StepScope, typeOf } from './step-nodes.js';

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
  /** Nodes that take over one of them alone, of the state that no call changes. */
  readonly kept: Readonly<Record<string, string>>;
}

/** One graph of functions that share nothing but resident arrays, and the names of each. */
export function assemble(
  parts: readonly Part[],
  bits = false,
): {
  readonly nodes: GraphNode[];
  readonly names: ProgramNames[];
  readonly store: StoreNames | undefined;
} {
  const graph = new Graph();
  const arrays = parts.find(({ resident }) => resident !== undefined)?.resident?.arrays;
  const store = arrays && addStore(graph, arrays, addNumber(graph, 'resident/none', 0));
  const names = parts.map((part, index) =>
    addPart(graph, part, { prefix: parts.length === 1 ? '' : `replica${index}/`, bits, store }),
  );
  const loads =
    store === undefined
      ? []
      : [store.names.made, ...Object.values(store.names.writes).map(({ written }) => written)];
  const ends = names.flatMap(({ outputs, state, assign, assigned, kept, many }) => [
    ...[outputs, state, assign, kept, many?.outputs ?? {}].flatMap((group) => Object.values(group)),
    assigned,
  ]);
  const nodes = graph.nodesFor([...ends, ...loads]);
  const present = new Set(nodes.map(({ name }) => name));
  const used = (inputs: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(inputs).filter(([, node]) => present.has(node)));
  return {
    nodes,
    store: store?.names,
    names: names.map((one) => ({
      ...one,
      inputs: used(one.inputs),
      many: one.many && { ...one.many, inputs: used(one.many.inputs) },
    })),
  };
}

/** Where a part is added. */
interface Placement {
  readonly prefix: string;
  readonly bits: boolean;
  readonly store: Store | undefined;
}

/** Adds a recording: state becomes resource variables, inputs placeholders or rows of resident arrays. */
function addPart(graph: Graph, part: Part, { prefix, bits, store }: Placement): ProgramNames {
  const { state, repeat = 1 } = part;
  const enter = (name: string, signature: Signature) =>
    addPlaceholder(graph, `${prefix}${name}`, signature, bits);
  const variables = mapKeys(state, (_, { dtype, shape }, index) => {
    const type = typeAttribute('dtype', dataTypeOf(dtype));
    const name = `${prefix}var${index}`;
    const attributes = [type, shapeAttribute('shape', shape), attribute('shared_name', 'string', name)];
    return { handle: graph.add(name, 'VarHandleOp', [], attributes), type };
  });
  const entrances = mapKeys(fedInputs(part), (_, signature, index) => enter(`in${index}`, signature));
  const resolve = (at: string, fed: Readonly<Record<string, string>>) =>
    part.resident === undefined ? fed : { ...fed, ...addRows(graph, at, store!, part, fed[rowsInput]!) };
  const { reads, outputs } = addStep(graph, part, {
    prefix,
    variables,
    inputs: resolve(prefix, valuesOf(entrances)),
    after: [],
  });
  const assign = mapKeys(state, (_, signature, index) => enter(`new${index}`, signature));
  const assignments = mapKeys(assign, (name, { value }, index) => {
    const { handle, type } = variables[name]!;
    return graph.add(`${prefix}set${index}`, 'AssignVariableOp', [handle, value], [type]);
  });
  const none = addNumber(graph, `${prefix}none`, 0);
  const addEnd = (name: string, nodes: readonly string[]) => {
    const inputs = [none, ...nodes.map((node) => `^${node}`)];
    return graph.add(name, 'Identity', inputs, [typeAttribute('T', DataType.float32)]);
  };
  const assigned = addEnd(`${prefix}set`, Object.values(assignments));
  const untouched = Object.entries(assignments).filter(([name]) => isKept(part, name));
  const kept = mapKeys(Object.fromEntries(untouched), (_, node, index) =>
    addEnd(`${prefix}kept${index}`, [node]),
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
    kept,
    many: repeat === 1 ? undefined : addRepeated(graph, part, { prefix, variables, enter, resolve, repeat }),
  };
}

/** Whether a call leaves this state as it is. */
function isKept({ recording }: Part, name: string): boolean {
  const next = recording.state[name];
  return next?.kind === 'state' && next.name === name;
}

/** The function `repeat` times, each after the one before: inputs and outputs have a first axis of that length. */
function addRepeated(
  graph: Graph,
  part: Part,
  {
    prefix,
    variables,
    enter,
    resolve,
    repeat,
  }: {
    readonly prefix: string;
    readonly variables: StepScope['variables'];
    readonly repeat: number;
    enter(name: string, signature: Signature): Entrance;
    /** All inputs of one call, of those that are fed. */
    resolve(at: string, fed: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  },
): Ports {
  const { inputs, recording, state } = part;
  const fed = fedInputs(part);
  const entrances = mapKeys(fed, (_, { dtype, shape }, index) =>
    enter(`many${index}`, { dtype, shape: [repeat, ...shape] }),
  );
  const each = mapKeys(fed, (name, { dtype }, index) => {
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
    const at = `${prefix}time${time}/`;
    const values = resolve(
      at,
      mapKeys(each, (_, node) => (time === 0 ? node : `${node}:${time}`)),
    );
    const step = addStep(graph, part, { prefix: at, variables, inputs: values, after });
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
  return { inputs: mapKeys(entrances, (_, one) => one.fed), outputs };
}

function valuesOf(entrances: Readonly<Record<string, Entrance>>): Record<string, string> {
  return mapKeys(entrances, (_, { value }) => value);
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
