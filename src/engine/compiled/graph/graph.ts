import { AttributeType, type AttributeValue, type OpAttribute } from '../../backends/tensorflow-backend.js';

/** The values of a constant, as TensorFlow keeps them: row-major, little-endian. */
export interface ConstantValue {
  /** TF_DataType. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1` for its second output, `^node` to come after it. */
  readonly inputs: readonly string[];
  readonly attributes: readonly OpAttribute[];
  /** Of a `Const`. */
  readonly value?: ConstantValue;
}

/** A TensorFlow graph in the making. */
export class Graph {
  readonly #nodes = new Map<string, GraphNode>();

  /** Adds a node and returns its name, which is that of its first output. */
  add(name: string, op: string, inputs: readonly string[], attributes: readonly OpAttribute[] = []): string {
    return this.#insert({ name, op, inputs, attributes });
  }

  constant(name: string, value: ConstantValue): string {
    return this.#insert({
      name,
      op: 'Const',
      inputs: [],
      attributes: [typeAttribute('dtype', value.dtype)],
      value,
    });
  }

  /** The nodes that these ones need, in the order of their making. */
  nodesFor(targets: readonly string[]): GraphNode[] {
    const needed = new Set<string>();
    const queue = targets.map(nodeOf);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (needed.has(name)) continue;
      needed.add(name);
      const node = this.#nodes.get(name);
      if (node === undefined) throw new Error(`the graph has no node ${name}`);
      queue.push(...node.inputs.map(nodeOf));
    }
    return [...this.#nodes.values()].filter(({ name }) => needed.has(name));
  }

  #insert(node: GraphNode): string {
    if (this.#nodes.has(node.name)) throw new Error(`the graph has two nodes ${node.name}`);
    this.#nodes.set(node.name, node);
    return node.name;
  }
}

function nodeOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

export function typeAttribute(name: string, type: number): OpAttribute {
  return { name, type: AttributeType.type, value: type };
}

export function shapeAttribute(name: string, shape: readonly number[]): OpAttribute {
  return { name, type: AttributeType.shape, value: shape };
}

export function attribute(
  name: string,
  type: keyof typeof AttributeType,
  value: AttributeValue,
): OpAttribute {
  return { name, type: AttributeType[type], value };
}
