import { _FusedMatMul, BatchMatMul, backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { fusedLinear } from './names.js';
import { type Native, withBias, withRelu } from './native/native.js';
import { areFloat, overrideKernel } from './override.js';

// As in tile.h.
const columns = 256;
const rows = 64;
const depth = 256;

interface Product {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: TensorInfo | undefined;
  readonly relu?: boolean;
}

/** `BatchMatMul`, `_FusedMatMul` and `_FusedMatMul` with any transposition and broadcasting batches, and the fused layer. */
export function registerMatMul(native: Native): void {
  overrideKernel(BatchMatMul, 'wasm', ({ a, b }, { transposeA, transposeB }) =>
    multiply(native, { a: a!, b: b!, transposeA: transposeA === true, transposeB: transposeB === true }),
  );
  overrideKernel(_FusedMatMul, 'wasm', ({ a, b, bias, preluActivationWeights }, attributes) => {
    const { transposeA, transposeB, activation } = attributes;
    if (preluActivationWeights != null || (activation !== 'linear' && activation !== 'relu'))
      return undefined;
    return multiply(native, {
      a: a!,
      b: b!,
      transposeA: transposeA === true,
      transposeB: transposeB === true,
      bias: bias ?? undefined,
      relu: activation === 'relu',
    });
  });
  overrideKernel(fusedLinear, 'wasm', ({ x, kernel, bias }, { activation }) =>
    multiply(native, {
      a: x!,
      b: kernel!,
      transposeA: false,
      transposeB: false,
      bias: bias!,
      relu: activation === 'relu',
    }),
  );
}

function multiply(native: Native, product: Product): TensorInfo | undefined {
  const { a, b, bias, transposeA, transposeB } = product;
  const [m, k] = matrixSize(a, transposeA);
  const [inner, n] = matrixSize(b, transposeB);
  if (k !== inner) throw new Error(`matMul: inner sizes ${k} and ${inner} differ`);
  if (!areFloat(a, b, bias) || (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== n))) {
    return undefined;
  }
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batch = backend_util.assertAndGetBroadcastShape(batchA, batchB);
  const sizes = [sizeOf(batch), sizeOf(batchA), sizeOf(batchB)] as const;
  // A batch that broadcasts in only some of its axes needs an index per product.
  if ((sizes[1] !== sizes[0] && sizes[1] !== 1) || (sizes[2] !== sizes[0] && sizes[2] !== 1))
    return undefined;
  const out = native.output([...batch, m, n]);
  if (sizes[0] * m * n === 0) return out;
  const flags = (bias === undefined ? 0 : withBias) | (product.relu === true ? withRelu : 0);
  for (let i = 0; i < sizes[0]; i++) {
    multiplyMatrices(native, {
      a: native.address(a) + (sizes[1] === 1 ? 0 : i * m * k * 4),
      b: native.address(b) + (sizes[2] === 1 ? 0 : i * k * n * 4),
      out: native.address(out) + i * m * n * 4,
      sizes: [m, n, k],
      transposeA,
      transposeB,
      bias: bias === undefined ? 0 : native.address(bias),
      flags,
    });
  }
  return out;
}

/** Addresses of a product: out[m][n] = op(a)[m][k] · op(b)[k][n], for `sizes` m, n, k. */
export interface MatrixAddresses {
  readonly a: number;
  readonly b: number;
  readonly out: number;
  readonly sizes: readonly [number, number, number];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly bias?: number;
  readonly flags?: number;
}

export function multiplyMatrices(native: Native, product: MatrixAddresses): void {
  native.functions.multiply(
    product.a,
    product.b,
    product.out,
    ...product.sizes,
    Number(product.transposeA === true),
    Number(product.transposeB === true),
    product.bias ?? 0,
    product.flags ?? 0,
    native.scratch((columns + rows) * depth),
  );
}

function matrixSize({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [height = 0, width = 0] = shape.slice(-2);
  return transposed ? [width, height] : [height, width];
}
