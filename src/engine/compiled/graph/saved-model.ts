import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/light.js';
import { AttributeType, type OpAttribute } from '../../backends/tensorflow-backend.js';
import type { GraphNode } from './graph.js';

/** The messages of TensorFlow that a graph needs (tensorflow/core/protobuf/saved_model.proto and its imports). */
const messages = protobuf.Root.fromJSON({
  nested: {
    SavedModel: {
      fields: {
        version: { id: 1, type: 'int64' },
        metaGraphs: { id: 2, type: 'MetaGraph', rule: 'repeated' },
      },
    },
    MetaGraph: {
      fields: { info: { id: 1, type: 'MetaInfo' }, graph: { id: 2, type: 'GraphDef' } },
    },
    MetaInfo: { fields: { tags: { id: 4, type: 'string', rule: 'repeated' } } },
    GraphDef: {
      fields: {
        nodes: { id: 1, type: 'Node', rule: 'repeated' },
        versions: { id: 4, type: 'Versions' },
      },
    },
    Versions: { fields: { producer: { id: 1, type: 'int32' } } },
    Node: {
      fields: {
        name: { id: 1, type: 'string' },
        op: { id: 2, type: 'string' },
        inputs: { id: 3, type: 'string', rule: 'repeated' },
        attributes: { id: 5, keyType: 'string', type: 'Value' } as protobuf.IMapField,
      },
    },
    Value: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: { id: 1, type: 'List' },
        s: { id: 2, type: 'bytes' },
        i: { id: 3, type: 'int64' },
        f: { id: 4, type: 'float' },
        b: { id: 5, type: 'bool' },
        type: { id: 6, type: 'int32' },
        shape: { id: 7, type: 'Shape' },
        tensor: { id: 8, type: 'Tensor' },
      },
    },
    List: {
      fields: {
        s: { id: 2, type: 'bytes', rule: 'repeated' },
        i: { id: 3, type: 'int64', rule: 'repeated' },
        f: { id: 4, type: 'float', rule: 'repeated' },
        b: { id: 5, type: 'bool', rule: 'repeated' },
        type: { id: 6, type: 'int32', rule: 'repeated' },
      },
    },
    Shape: { fields: { dimensions: { id: 2, type: 'Dimension', rule: 'repeated' } } },
    Dimension: { fields: { size: { id: 1, type: 'int64' } } },
    Tensor: {
      fields: {
        dtype: { id: 1, type: 'int32' },
        shape: { id: 2, type: 'Shape' },
        content: { id: 4, type: 'bytes' },
      },
    },
  },
});

/** The version of graphs whose ops mean what we take them to mean (TF_GRAPH_DEF_VERSION of 2.21). */
const producer = 1882;
export const servingTag = 'serve';

/** A SavedModel that holds one graph without functions. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  return messages
    .lookupType('SavedModel')
    .encode({
      version: 1,
      metaGraphs: [
        { info: { tags: [servingTag] }, graph: { nodes: nodes.map(nodeMessage), versions: { producer } } },
      ],
    })
    .finish();
}

/** Nodes of the graph of an encoded SavedModel. */
export function countNodes(bytes: Uint8Array): number {
  const type = messages.lookupType('SavedModel');
  const { metaGraphs } = type.toObject(type.decode(bytes), { defaults: true });
  return metaGraphs.reduce((sum: number, { graph }: SavedGraph) => sum + graph.nodes.length, 0);
}

interface SavedGraph {
  readonly graph: { readonly nodes: readonly object[] };
}

/** Calls `load` with a folder that holds the SavedModel, and removes it again. */
export function withSavedModel<T>(bytes: Uint8Array, load: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-step-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return load(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nodeMessage({ name, op, inputs, attributes, value }: GraphNode): object {
  const values = Object.fromEntries(attributes.map((one) => [one.name, valueMessage(one)]));
  if (value !== undefined) {
    values.value = {
      tensor: { dtype: value.dtype, shape: shapeMessage(value.shape), content: value.bytes },
    };
  }
  return { name, op, inputs, attributes: values };
}

function valueMessage({ name, type, value }: OpAttribute): object {
  if (type === AttributeType.shape) return { shape: shapeMessage(value as readonly number[]) };
  const field = fields[type];
  if (field === undefined || value === null)
    throw new Error(`attribute ${name} of type ${type} has no encoding`);
  const encode = (one: unknown) => (field === 's' ? Buffer.from(String(one)) : one);
  return Array.isArray(value) ? { list: { [field]: value.map(encode) } } : { [field]: encode(value) };
}

const fields: Readonly<Record<number, string>> = {
  [AttributeType.string]: 's',
  [AttributeType.int]: 'i',
  [AttributeType.float]: 'f',
  [AttributeType.bool]: 'b',
  [AttributeType.type]: 'type',
};

function shapeMessage(shape: readonly number[]): object {
  return { dimensions: shape.map((size) => ({ size })) };
}
