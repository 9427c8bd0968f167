import { DataType, type OpAttribute } from '../../../backends/tensorflow-backend.js';
import { type ConstantValue, typeAttribute } from '../../graph/graph.js';
import type { RecordedOp, Source } from '../../recording/recording.js';

/** A tensor of the stacked function. */
export interface Value {
  readonly source: Source;
  /** TF_DataType. */
  readonly type: number;
  /** With the axis of the replicas, if it has one. */
  readonly shape: readonly number[];
  /** Whether its first axis is that of the replicas; else it is the same for all of them. */
  readonly stacked: boolean;
}

/** The recorded op that a rule stacks. At least one input is stacked. */
export interface Call {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Value[];
  /** Of one replica. */
  readonly outputs: readonly { readonly type: number; readonly shape: readonly number[] }[];
}

/** Says how one op is done for all replicas at once: the values of its outputs, in their order. */
export type Rule = (call: Call, graph: Builder) => readonly Value[];

/** A call that no rule covers. */
export class UnstackableError extends Error {
  constructor(
    /** `Where`, or `the axes of Sum, which are computed`. */
    readonly what: string,
    readonly site?: string | undefined,
  ) {
    super(`${what}${site === undefined ? '' : `, at ${site}`}`);
  }
}

/** The shape that one replica's share has. */
export function ownShape({ shape, stacked }: Value): readonly number[] {
  return stacked ? shape.slice(1) : shape;
}

/** Writes down the ops of the stacked function. */
export class Builder {
  readonly ops: RecordedOp[] = [];
  readonly constants: ConstantValue[];
  readonly #known = new Map<string, Value>();

  constructor(
    /** Number of replicas. */
    readonly size: number,
    constants: readonly ConstantValue[],
  ) {
    this.constants = [...constants];
  }

  /** One op; its outputs are stacked unless they say otherwise. */
  add(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Value[],
    outputs: readonly { readonly type: number; readonly shape: readonly number[] }[],
    stacked = true,
  ): Value[] {
    const index = this.ops.length;
    this.ops.push({
      op,
      attributes,
      inputs: inputs.map(({ source }) => source),
      types: outputs.map(({ type }) => type),
      shapes: outputs.map(({ shape }) => shape),
      site: undefined,
    });
    return outputs.map((one, output) => ({ ...one, stacked, source: { kind: 'op', index, output } }));
  }

  /** A vector of int32, or a number, or what `shape` says. */
  integers(values: number | readonly number[], shape?: readonly number[]): Value {
    const list = typeof values === 'number' ? [values] : values;
    return this.#constant(
      Int32Array.from(list),
      DataType.int32,
      shape ?? (typeof values === 'number' ? [] : [list.length]),
    );
  }

  /** A float32 constant of one value. */
  filled(shape: readonly number[], value: number): Value {
    const count = shape.reduce((product, size) => product * size, 1);
    return this.#constant(new Float32Array(count).fill(value), DataType.float32, shape);
  }

  /** The numbers of an int32 constant, which `role` names. */
  numbersOf(value: Value, role: string): number[] {
    const constant = value.source.kind === 'constant' ? this.constants[value.source.index]! : undefined;
    if (constant?.dtype !== DataType.int32) throw new UnstackableError(`${role} not being an int32 constant`);
    const { buffer, byteOffset, byteLength } = constant.bytes.slice();
    return [...new Int32Array(buffer, byteOffset, byteLength / 4)];
  }

  numberOf(value: Value, role: string): number {
    return this.numbersOf(value, role)[0]!;
  }

  /** The same numbers in another shape. */
  reshape(value: Value, shape: readonly number[], stacked = true): Value {
    if (value.shape.join() === shape.join()) return { ...value, stacked };
    const key = JSON.stringify(['Reshape', value.source, shape]);
    const attributes = [typeAttribute('T', value.type), typeAttribute('Tshape', DataType.int32)];
    const result = this.#once(key, () =>
      this.add('Reshape', attributes, [value, this.integers(shape)], [{ type: value.type, shape }]),
    );
    return { ...result, stacked };
  }

  /** `[K, ...]`: what all replicas share is repeated. */
  spread(value: Value): Value {
    if (value.stacked) return value;
    const shape = [this.size, ...value.shape];
    const attributes = [typeAttribute('T', value.type), typeAttribute('Tidx', DataType.int32)];
    return this.#once(JSON.stringify(['BroadcastTo', value.source]), () =>
      this.add('BroadcastTo', attributes, [value, this.integers(shape)], [{ type: value.type, shape }]),
    );
  }

  /** Ready to broadcast with values whose own rank is `rank`: `[K, n]` becomes `[K, 1, n]`. */
  align(value: Value, rank: number): Value {
    const own = ownShape(value);
    if (!value.stacked || own.length >= rank) return value;
    return this.reshape(value, [this.size, ...Array<number>(rank - own.length).fill(1), ...own]);
  }

  /** `[K, B, ...]` as `[K * B, ...]`. */
  fold(value: Value): Value {
    const [replicas, batch, ...rest] = this.spread(value).shape as [number, number, ...number[]];
    return this.reshape(this.spread(value), [replicas * batch, ...rest], false);
  }

  #constant(values: Int32Array | Float32Array, dtype: number, shape: readonly number[]): Value {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = JSON.stringify(['Const', dtype, shape, Buffer.from(bytes).toString('base64')]);
    return this.#once(key, () => {
      const index = this.constants.push({ dtype, shape, bytes }) - 1;
      return [{ source: { kind: 'constant', index }, type: dtype, shape, stacked: false }];
    });
  }

  #once(key: string, make: () => readonly Value[]): Value {
    const known = this.#known.get(key) ?? make()[0]!;
    this.#known.set(key, known);
    return known;
  }
}
