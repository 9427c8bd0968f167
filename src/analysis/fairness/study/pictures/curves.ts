import { type Summary, summarize } from '../../../summary.js';
import { chooseFront, type TradeOff } from '../../fronts.js';
import { type Method, methods, type TradeOffPoint } from '../trade-offs/methods.js';

/** One setting of a method: means over seeds with their intervals, at test. */
export interface CurvePoint {
  readonly method: Method;
  readonly setting: string;
  readonly accuracy: Summary;
  /** With its sign: rate of group 1 minus that of group 0. */
  readonly ddp: Summary;
}

/** Accuracy against gap, as it is drawn. */
export interface TradeOffCurves {
  /** Settings of each method in the order of `traceTradeOffs`: slacks ascending. Methods without a point are absent. */
  readonly curves: readonly { readonly method: Method; readonly points: readonly CurvePoint[] }[];
  /** The front on validation from fairest to most accurate, at its test values. */
  readonly front: readonly CurvePoint[];
}

/** Not of the front: they need everybody's group when they decide, decide alike about everybody, or are controls. */
const besideFront: readonly Method[] = [
  'thresholds of true groups',
  'constant',
  'control: regularised on shuffled groups',
];

/**
 * Puts the seeds of every setting together. On the front are settings of which no other is at least as accurate and has as
 * small a gap, by means over seeds on validation: of the size of the gap, since gaps of both signs are not fair together.
 * `shown` leaves methods out, also of the front.
 */
export function summarizeCurves(
  points: readonly TradeOffPoint[],
  shown: readonly Method[] = methods,
): TradeOffCurves {
  const summarized = points
    .filter(({ method }) => shown.includes(method))
    .map((point) => ({ point: describePoint(point), ...tradeOffsOf(point) }));
  const curves = shown.flatMap((method) => {
    const own = summarized.flatMap(({ point }) => (point.method === method ? [point] : []));
    return own.length === 0 ? [] : [{ method, points: own }];
  });
  const front = chooseFront(summarized.filter(({ point }) => !besideFront.includes(point.method)));
  return { curves, front: front.map(({ point }) => point) };
}

function describePoint({ method, setting, seeds }: TradeOffPoint): CurvePoint {
  return {
    ...{ method, setting },
    accuracy: summarize(seeds.map(({ test }) => test.accuracy))!,
    ddp: summarize(seeds.map(({ test }) => test.ddp))!,
  };
}

function tradeOffsOf({ seeds }: TradeOffPoint): Record<'validation' | 'test', TradeOff> {
  const of = (set: 'validation' | 'test'): TradeOff => ({
    accuracy: summarize(seeds.map((seed) => seed[set].accuracy))!.mean,
    disparity: summarize(seeds.map((seed) => Math.abs(seed[set].ddp)))!.mean,
  });
  return { validation: of('validation'), test: of('test') };
}
