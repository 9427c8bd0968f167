import { sizeOf } from '../../../core/numbers/shape.js';
import { DataType } from '../../backends/tensorflow-backend.js';
import type { ResidentData } from '../../resident.js';
import { attribute, type Graph, shapeAttribute, typeAttribute } from '../graph/graph.js';
import type { Part } from '../recording/recording.js';
import { numbersPerByte, wordsOf } from './words.js';

type Arrays = ResidentData['arrays'];

/** Nodes by the names of the arrays, for loading them. */
export interface StoreNames {
  /** What is fed with the shapes `[rows, words]`, and the node that makes all arrays anew. */
  readonly sizes: Readonly<Record<string, string>>;
  readonly made: string;
  /** For each array: row numbers and as many rows are fed to have them written. */
  readonly writes: Readonly<Record<string, { rows: string; words: string; written: string }>>;
}

export interface Store {
  readonly names: StoreNames;
  readonly variables: Readonly<
    Record<string, { readonly handle: string; readonly values: string | undefined }>
  >;
}

const float = typeAttribute('dtype', DataType.float32);
const prefix = 'resident/';

/**
 * Variables that hold the arrays as rows of 32-bit words. They are float32 whatever they stand for: a GPU has
 * kernels for such variables, not for those of integers. `none` is any number.
 */
export function addStore(graph: Graph, arrays: Arrays, none: string): Store {
  const variables: Record<string, { handle: string; values: string | undefined }> = {};
  const sizes: Record<string, string> = {};
  const writes: Record<string, { rows: string; words: string; written: string }> = {};
  const made: string[] = [];
  const enter = (name: string, shape: readonly number[]) =>
    graph.add(
      name,
      'Placeholder',
      [],
      [typeAttribute('dtype', DataType.int32), shapeAttribute('shape', shape)],
    );
  const after = (name: string, nodes: readonly string[]) =>
    graph.add(
      name,
      'Identity',
      [none, ...nodes.map((node) => `^${node}`)],
      [typeAttribute('T', DataType.float32)],
    );

  for (const [index, [name, stored]] of Object.entries(arrays).entries()) {
    const at = `${prefix}${index}/`;
    const shape = [-1, wordsOf(stored)];
    const attributes = [float, shapeAttribute('shape', shape), attribute('shared_name', 'string', at)];
    const handle = graph.add(`${at}variable`, 'VarHandleOp', [], attributes);
    // What it held is freed first: there is never a second copy.
    const freed = graph.add(
      `${at}freed`,
      'DestroyResourceOp',
      [handle],
      [attribute('ignore_lookup_error', 'bool', true)],
    );
    sizes[name] = enter(`${at}size`, [2]);
    const zeros = graph.add(
      `${at}zeros`,
      'Fill',
      [sizes[name], none, `^${freed}`],
      [typeAttribute('T', DataType.float32), typeAttribute('index_type', DataType.int32)],
    );
    made.push(graph.add(`${at}make`, 'AssignVariableOp', [handle, zeros], [float]));
    const [rows, words] = [enter(`${at}rows`, [-1]), enter(`${at}words`, shape)];
    const types = [typeAttribute('T', DataType.int32), typeAttribute('type', DataType.float32)];
    const update = graph.add(
      `${at}write`,
      'ResourceScatterUpdate',
      [handle, rows, graph.add(`${at}bits`, 'Bitcast', [words], types)],
      [float, typeAttribute('Tindices', DataType.int32)],
    );
    writes[name] = { rows, words, written: after(`${at}written`, [update]) };
    variables[name] = { handle, values: addValues(graph, at, stored.form) };
  }
  return { names: { sizes, made: after(`${prefix}made`, made), writes }, variables };
}

function addValues(graph: Graph, at: string, form: Arrays[string]['form']): string | undefined {
  if (typeof form === 'string') return undefined;
  const bytes = new Uint8Array(form.values.buffer, form.values.byteOffset, form.values.byteLength);
  const shape = [256, numbersPerByte(form)];
  return graph.constant(`${at}values`, { dtype: DataType.float32, shape, bytes });
}

/** The part's inputs that are resident, of the rows whose numbers the node `rows` has. */
export function addRows(
  graph: Graph,
  at: string,
  { variables }: Store,
  { inputs, resident }: Part,
  rows: string,
): Record<string, string> {
  const lead = resident!.rows.shape;
  const found: Record<string, string> = {};
  for (const [index, [name, stored]] of Object.entries(resident!.arrays).entries()) {
    const { shape } = inputs[name]!;
    const own = `${at}row${index}`;
    const { handle, values } = variables[name]!;
    const words =
      resident!.whole === true
        ? graph.add(own, 'ReadVariableOp', [handle], [float])
        : gather(graph, own, handle, rows);
    if (stored.form === 'float32') found[name] = reshape(graph, `${own}/`, words, shape, DataType.float32);
    else if (stored.form === 'int32') {
      const types = [typeAttribute('T', DataType.float32), typeAttribute('type', DataType.int32)];
      const bits = graph.add(`${own}/bits`, 'Bitcast', [words], types);
      found[name] = reshape(graph, `${own}/`, bits, shape, DataType.int32);
    } else {
      const count = sizeOf(lead);
      const bytes = sizeOf(stored.shape) / numbersPerByte(stored.form);
      const numbers = lookUp(graph, own, { words, values: values!, count, bytes, width: wordsOf(stored) });
      found[name] = reshape(graph, `${own}/`, numbers, shape, DataType.float32);
    }
  }
  return found;
}

function gather(graph: Graph, own: string, handle: string, rows: string): string {
  return graph.add(
    own,
    'ResourceGather',
    [handle, rows],
    [
      attribute('batch_dims', 'int', 0),
      attribute('validate_indices', 'bool', true),
      float,
      typeAttribute('Tindices', DataType.int32),
    ],
  );
}

/** Words as bytes, and each byte as the numbers that it stands for. */
function lookUp(
  graph: Graph,
  own: string,
  {
    words,
    values,
    count,
    bytes,
    width,
  }: {
    readonly words: string;
    readonly values: string;
    readonly count: number;
    readonly bytes: number;
    readonly width: number;
  },
): string {
  const types = [typeAttribute('T', DataType.float32), typeAttribute('type', DataType.uint8)];
  const cut = graph.add(`${own}/bytes`, 'Bitcast', [words], types);
  let all = reshape(graph, `${own}/all`, cut, [count, 4 * width], DataType.uint8);
  if (bytes < 4 * width) {
    const places = [integers(graph, `${own}/begin`, [0, 0]), integers(graph, `${own}/size`, [count, bytes])];
    const attributes = [typeAttribute('T', DataType.uint8), typeAttribute('Index', DataType.int32)];
    all = graph.add(`${own}/cut`, 'Slice', [all, ...places], attributes);
  }
  const cast = [
    typeAttribute('SrcT', DataType.uint8),
    typeAttribute('DstT', DataType.int32),
    attribute('Truncate', 'bool', false),
  ];
  const places = graph.add(`${own}/places`, 'Cast', [all], cast);
  const axis = integers(graph, `${own}/axis`, 0);
  return graph.add(
    `${own}/numbers`,
    'GatherV2',
    [values, places, axis],
    [
      attribute('batch_dims', 'int', 0),
      typeAttribute('Tparams', DataType.float32),
      typeAttribute('Tindices', DataType.int32),
      typeAttribute('Taxis', DataType.int32),
    ],
  );
}

function reshape(graph: Graph, at: string, value: string, shape: readonly number[], type: number): string {
  const attributes = [typeAttribute('T', type), typeAttribute('Tshape', DataType.int32)];
  return graph.add(`${at}shaped`, 'Reshape', [value, integers(graph, `${at}shape`, shape)], attributes);
}

function integers(graph: Graph, name: string, values: number | readonly number[]): string {
  const list = Int32Array.from(typeof values === 'number' ? [values] : values);
  const shape = typeof values === 'number' ? [] : [list.length];
  return graph.constant(name, { dtype: DataType.int32, shape, bytes: new Uint8Array(list.buffer) });
}
