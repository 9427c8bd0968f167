import { drawFloat53, type Stream, stream } from '../../../random/stream.js';
import type { TransferRecord } from '../records.js';
import { normalCdf } from '../statistics/normal.js';

/** A standard normal number. */
export function drawNormal(source: Stream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - drawFloat53(source)));
  return radius * Math.cos(2 * Math.PI * drawFloat53(source));
}

export interface PlantedPair {
  readonly task?: string;
  readonly id?: string;
  readonly ood?: string;
  readonly slope: number;
  readonly intercept: number;
  /** Deviation from the line on probit axes. */
  readonly noise?: number;
  readonly networks?: number;
  readonly seed?: number;
}

const examples = 1_000_000;

/** Networks of rising skill whose accuracies lie on a line on probit axes, but for noise; all examples count. */
export function plantPair({
  task = 'digits',
  id = 'a',
  ood = 'b',
  slope,
  intercept,
  noise = 0,
  networks = 24,
  seed = 0,
}: PlantedPair): TransferRecord[] {
  const source = stream(seed, 'planted', task, id, ood);
  return Array.from({ length: networks }, (_, at) => {
    const skill = -0.8 + (2.4 * at) / Math.max(1, networks - 1);
    const [idAccuracy, oodAccuracy] = [
      normalCdf(skill),
      normalCdf(intercept + slope * skill + noise * drawNormal(source)),
    ];
    return {
      ...{ network: `n${at}`, task, id, ood, factors: {} },
      idMetrics: { accuracy: idAccuracy },
      oodMetrics: { accuracy: oodAccuracy },
      ...{ idCount: examples, oodCount: examples },
    };
  });
}

/** A record of one network with nothing but accuracies. */
export function record(
  network: string,
  idAccuracy: number,
  oodAccuracy: number,
  changes: Partial<TransferRecord> = {},
): TransferRecord {
  return {
    ...{ network, task: 'digits', id: 'a', ood: 'b', factors: {} },
    idMetrics: { accuracy: idAccuracy },
    oodMetrics: { accuracy: oodAccuracy },
    ...{ idCount: 1000, oodCount: 1000 },
    ...changes,
  };
}
