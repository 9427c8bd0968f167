import { sizeOf } from '../../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import { type CircuitOptions, circuitParameters } from '../circuit.js';
import { designParameters, standardNormal } from '../design/design.js';
import { smallOptions } from './small-circuit.js';

/** The circuit whose numbers were computed in float64 with the authors' code, in evaluation. */
export const goldenOptions: CircuitOptions = {
  ...smallOptions,
  width: 4,
  layers: 1,
  readIn: { heads: 2, headWidth: 2 },
  propagators: { heads: 2, headWidth: 2 },
  readOut: { heads: 2, headWidth: 2 },
  links: { truncation: null, temperature: 0.5, learnBandwidth: false },
  layerScale: null,
};

const goldenDesign = {
  width: 4,
  processors: 3,
  readOuts: 2,
  signatures: { width: 3, initializer: standardNormal },
};

export const golden = {
  links: [
    [1, 0.448828, 0.159553],
    [0.448828, 1, 0.533954],
    [0.159553, 0.533954, 1],
  ],
  readOutLinks: [
    [0.370837, 0.13829, 0.210904],
    [0.898963, 0.282969, 0.136252],
  ],
  states: [
    [
      [-0.19421, 0.214706, -0.147552, -0.51961],
      [-0.021043, 0.214278, -0.204865, -0.397249],
      [0.075561, -0.010658, -0.361484, -0.222374],
    ],
    [
      [-0.299111, -0.110322, -0.387679, -0.439253],
      [-0.083835, -0.194778, -0.605821, -0.504477],
      [-0.007746, -0.370206, -0.694932, -0.322466],
    ],
  ],
  readOuts: [
    [-0.164628, -0.339593, -0.31193, 0.023149],
    [-0.464622, -0.634032, -0.377875, 0.184922],
  ],
  weights: [0.51779, 0.48221],
  prediction: [0.2400183, -0.11552277, -0.12264409],
} as const;

/** The parameters in the order of their numbers there: `norm` stands for scale and shift, `layer` for a ModFC's parts. */
const order: readonly string[] = [
  'design/processors/codes',
  'design/processors/signatures',
  'design/read-outs/codes',
  'design/read-outs/signatures',
  ...block('circuit/read-in', ['token-norm', 'norm']),
  ...block('circuit/propagator1', ['norm']),
  ...block('circuit/read-out', ['norm', 'sender-norm']),
  ...dense('circuit/pooling/confidence'),
  ...dense('circuit/pooling/outputs'),
];

function block(name: string, norms: readonly string[]): string[] {
  return [
    ...norms.flatMap((one) => norm(`${name}/${one}`)),
    ...['query', 'key', 'value'].flatMap((part) => modulated(`${name}/attention/${part}`, false)),
    ...modulated(`${name}/attention/out`, true),
    ...norm(`${name}/feed-forward/norm`),
    ...modulated(`${name}/feed-forward/in`, true),
    ...modulated(`${name}/feed-forward/out`, true),
  ];
}

function norm(name: string): string[] {
  return [`${name}/scale`, `${name}/shift`];
}

function dense(name: string): string[] {
  return [`${name}/kernel`, `${name}/bias`];
}

function modulated(name: string, bias: boolean): string[] {
  return [`${name}/kernel`, ...(bias ? [`${name}/bias`] : []), `${name}/gain`, `${name}/code/kernel`];
}

/** All parameters of the design and the circuit. */
export function goldenParameters(): NamedArrays {
  const specs = {
    ...designParameters('design', goldenDesign),
    ...circuitParameters('circuit', goldenOptions),
  };
  const missing = Object.keys(specs).filter((name) => !order.includes(name));
  if (missing.length > 0 || order.length !== 87) throw new Error(`not numbered: ${missing.join(', ')}`);
  return Object.fromEntries(order.map((name, number) => [name, numbered(name, specs[name]!.shape, number)]));
}

function numbered(name: string, shape: readonly number[], number: number): NamedArray {
  if (name.endsWith('/gain')) return { shape, data: Float32Array.of(0.1 + 0.01 * number) };
  const wave = (index: number) => Math.sin(1.7 * index + 0.9 * number);
  if (name.endsWith('/scale')) {
    return { shape, data: Float32Array.from({ length: shape[0]! }, (_, index) => 1 + 0.15 * wave(index)) };
  }
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => 0.3 * wave(index));
  // There kernels are [out, in].
  return { shape, data: name.endsWith('/kernel') ? transpose(data, shape[1]!, shape[0]!) : data };
}

function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(data, (_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!);
}

/** One example of five tokens. */
export function goldenTokens(): NamedArray {
  return { shape: [1, 5, 6], data: Float32Array.from({ length: 30 }, (_, n) => Math.sin(0.37 * n + 0.2)) };
}
