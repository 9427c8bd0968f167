import { monotonicSeconds } from '../../src/core/clock.js';
import { fitLogistic } from '../../src/evaluation/probes/logistic.js';
import { fitLogisticProbe } from '../../src/evaluation/probes/logistic-probe.js';
import type { ProbedSet } from '../../src/evaluation/probes/probe.js';
import { measureColumns, standardize } from '../../src/evaluation/probes/standardize.js';
import { fillNormal } from '../../src/random/draw.js';
import { stream } from '../../src/random/stream.js';
import { type BenchRow, describeTimes } from './row.js';

const [people, columns, causes] = [50_000, 128, 16];

/** A probe of 50,000 representations of 128 numbers, converged: one penalty, and the path of seven with its choice. */
export async function benchProbes(repeats = 3): Promise<BenchRow[]> {
  const train = makeRepresentations(people, 0);
  const validation = makeRepresentations(people / 5, 1);
  const features = standardize(train.features, measureColumns(train.features));
  const single: number[] = [];
  const path: number[] = [];
  let iterations = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    let start = monotonicSeconds();
    const fitted = fitLogistic({ features, labels: train.labels, classes: 2 }, { l2: 1e-3 });
    single.push(monotonicSeconds() - start);
    iterations = fitted.iterations;
    start = monotonicSeconds();
    await fitLogisticProbe({ train, validation, classes: 2 });
    path.push(monotonicSeconds() - start);
  }
  const size = `${people.toLocaleString('en-US')} x ${columns}`;
  const note = `gradient below 1e-8 after ${iterations} steps`;
  return [
    { name: `probe, one penalty, ${size}`, ...describeTimes(single, 's'), goal: '< 2 s', note },
    { name: `probe, seven penalties and their choice, ${size}`, ...describeTimes(path, 's') },
  ];
}

/** Units of ReLU that share sixteen causes, one of which knows the group a little. */
function makeRepresentations(rows: number, draw: number): ProbedSet {
  const mixing = fillNormal(stream(0, 'bench', 'mixing'), new Float32Array(columns * causes));
  const drawn = fillNormal(stream(draw, 'bench', 'causes'), new Float32Array(rows * causes));
  const data = fillNormal(stream(draw, 'bench', 'noise'), new Float32Array(rows * columns), 0.5);
  const labels = new Uint16Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = drawn.subarray(row * causes, (row + 1) * causes);
    labels[row] = row % 3 === 0 ? 0 : 1;
    own[0]! += labels[row]!;
    for (let column = 0; column < columns; column++) {
      let sum = data[row * columns + column]! - 0.5;
      for (let cause = 0; cause < causes; cause++) sum += mixing[column * causes + cause]! * own[cause]!;
      data[row * columns + column] = Math.max(0, sum);
    }
  }
  return { features: { data, rows, columns }, labels };
}
