import type { OpsProfile, Spread, StepProfile, Work } from '../../engine/profile/profile.js';
import type { JobProfile } from '../../protocols/profile.js';
import { layOut } from './columns.js';

const opsShown = 20;

/** A profile as the terminal shows it. */
export function describeProfile(label: string, profile: JobProfile): string {
  const { asRun, opByOp, notes, batchSize, parameters, threads, warnings } = profile;
  return [
    `Training step of ${label}: batch of ${batchSize}, ${formatCount(parameters)} parameters`,
    ...notes.map((note) => `  ${note}`),
    `  measured with ${threads} ${threads === 1 ? 'thread' : 'threads'}, as the study runs it; engine.threads=N changes it`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    '',
    describeStep(asRun, profile.fill),
    '',
    describeOps(opByOp, asRun),
    '',
    describeLayers(opByOp),
  ].join('\n');
}

function describeStep(asRun: StepProfile, fill: Spread): string {
  const { compiled, xla, resident, stepsPerCall, step, parts, nodes } = asRun;
  const share = (milliseconds: number) => formatShare(milliseconds / step.median);
  const rate = (milliseconds: number) => `${formatMs(1000 / milliseconds)} batches/s`;
  const rows = [
    ['one step', formatMs(step.median), '', `${formatRange(step)}; ${rate(step.median)}`],
    ...(parts === undefined
      ? []
      : [
          ['  graph', formatMs(parts.graph), share(parts.graph), `${formatCount(nodes ?? 0)} nodes`],
          [
            '  feeding',
            formatMs(parts.feeding),
            share(parts.feeding),
            `copies ${resident > 0 ? "the rows' numbers" : 'the batch'} to TensorFlow`,
          ],
          ['  reading', formatMs(parts.reading), share(parts.reading), 'copies the loss back'],
          ['  JavaScript', formatMs(parts.javascript), share(parts.javascript), 'what is left of the step'],
        ]),
    [
      resident > 0 ? 'choosing the rows' : 'filling the batch',
      formatMs(fill.median),
      '',
      `${formatRange(fill)}; before each step, with it ${rate(step.median + fill.median)}`,
    ],
  ];
  const together = stepsPerCall === 1 ? '' : `, ${stepsPerCall} steps per call`;
  const data = resident > 0 ? `${formatCount(resident)} MB of training data resident` : 'batches fed';
  const how = compiled ? `compiled, XLA ${xla ? 'on' : 'off'}${together}, ${data}` : 'op by op';
  return `The step as it is run (${how})\n${layOut(['', 'ms', 'share', ''], rows, 'lrrl')}`;
}

function describeOps(profile: OpsProfile, { compiled }: StepProfile): string {
  const { milliseconds, ops, step, steps, matrix, asynchronous } = profile;
  const rest = step.median - milliseconds;
  const rows = ops
    .slice(0, opsShown)
    .flatMap(({ op, calls, milliseconds: own, share, shapes }) => [
      [op, String(calls), formatMs(own), formatShare(share), describeShapes(shapes[0]!, calls)],
      ...(share < 0.05 ? [] : shapes.slice(1)).map((one) => ['', '', '', '', describeShapes(one, calls)]),
    ]);
  const others = ops.slice(opsShown);
  if (others.length > 0) {
    const own = others.reduce((sum, one) => sum + one.milliseconds, 0);
    const calls = others.reduce((sum, one) => sum + one.calls, 0);
    rows.push([
      `${others.length} other ops`,
      String(calls),
      formatMs(own),
      formatShare(own / milliseconds),
      '',
    ]);
  }
  const total = ops.reduce((sum, { calls }) => sum + calls, 0);
  rows.push(['all ops', String(total), formatMs(milliseconds), formatShare(1), '']);
  return [
    `The same step op by op (medians of ${steps} steps)`,
    layOut(['op', 'calls', 'ms', 'share', 'most costly shapes'], rows, 'lrrrl'),
    `Such a step takes ${formatMs(step.median)} ms; ${formatMs(Math.max(0, rest))} ms of it are spent between the ops, in JavaScript.`,
    ...(asynchronous
      ? ['On a GPU an op goes on after its call has returned: these times are those of starting the ops.']
      : []),
    ...(compiled
      ? ['The graph runs the same ops, but fuses some of them and the optimiser, and runs some side by side.']
      : []),
    `Matrix work (products and convolutions): ${formatFlops(matrix.flops)} GFLOP per step in ${formatMs(matrix.milliseconds)} ms, ${formatRate(matrix)} GFLOP/s.`,
  ].join('\n');
}

function describeShapes(
  { shapes, calls, milliseconds }: OpsProfile['ops'][number]['shapes'][number],
  all: number,
): string {
  return calls === all && all === 1 ? shapes : `${shapes}  (${calls} x, ${formatMs(milliseconds)} ms)`;
}

function describeLayers({ layers, milliseconds, matrix }: OpsProfile): string {
  const part = (value: number) => (value === 0 ? '' : formatMs(value));
  const rows = layers.map(({ layer, forward, backward, milliseconds: own, share, flops }) => [
    layer,
    part(forward),
    part(backward),
    formatMs(own),
    formatShare(share),
    flops === 0 ? '' : formatFlops(flops),
    flops === 0 ? '' : formatFlops((flops / own) * 1000),
  ]);
  const total = (of: (layer: OpsProfile['layers'][number]) => number) =>
    formatMs(layers.reduce((sum, layer) => sum + of(layer), 0));
  rows.push([
    'all ops',
    total(({ forward }) => forward),
    total(({ backward }) => backward),
    formatMs(milliseconds),
    formatShare(1),
    formatFlops(matrix.flops),
    '',
  ]);
  return [
    'The same by layer (milliseconds, op by op)',
    layOut(['layer', 'forward', 'backward', 'ms', 'share', 'GFLOP', 'GFLOP/s'], rows, 'lrrrrrr'),
    'An op counts for the layer whose parameters it takes, as does all of a larger op (a norm, a softmax) that takes',
    'them, and its gradient; in the backward pass also what only gradients of that layer depend on. The rest, such as',
    'activations, losses and reshapes without parameters, is between layers. GFLOP/s: matrix work over all of a',
    "layer's time.",
  ].join('\n');
}

function formatMs(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3;
  return value.toFixed(digits);
}

function formatRange({ minimum, maximum, n }: Spread): string {
  return `${formatMs(minimum)} to ${formatMs(maximum)} ms, n = ${n}`;
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** In units of 1e9. */
function formatFlops(flops: number): string {
  const giga = flops / 1e9;
  return giga >= 10 ? giga.toFixed(0) : giga.toPrecision(2);
}

function formatRate({ flops, milliseconds }: Work): string {
  return flops === 0 ? '0' : formatFlops((flops / milliseconds) * 1000);
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
