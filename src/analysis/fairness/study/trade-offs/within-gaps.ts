import { type Summary, summarize } from '../../../summary.js';
import { type ChosenAndReported, chooseWithin } from '../../fronts.js';
import { type Method, methods, namedGaps, type Standing, type TradeOffPoint } from './methods.js';

/** What a method reaches within a gap: its setting is chosen on validation for every seed, and reported at test. */
export interface WithinGap {
  readonly method: Method;
  readonly gap: number;
  readonly accuracy: Summary;
  readonly ddp: Summary;
  /** Seeds of which some setting keeps to the gap on validation, and all. */
  readonly met: number;
  readonly seeds: number;
}

/** Methods at the named gaps; a method that keeps to one for no seed is absent there. */
export function chooseWithinGaps(points: readonly TradeOffPoint[]): WithinGap[] {
  return namedGaps.flatMap((gap) =>
    methods.flatMap((method) => {
      const isCertified = method === 'two heads, certified';
      // What was certified of another bound says nothing of this one.
      const own = points.filter(({ method: other, bound = gap }) => other === method && bound === gap);
      const tried = isCertified ? points.filter((point) => point.method === 'two heads') : own;
      const seeds = [...new Set(tried.flatMap((point) => point.seeds.map(({ seed }) => seed)))];
      const chosen = seeds.flatMap((seed) => {
        const candidates = own.flatMap((point) => readSeed(point, seed));
        return chooseWithin(candidates, isCertified ? Number.POSITIVE_INFINITY : gap) ?? [];
      });
      const accuracy = summarize(chosen.map(({ test }) => test.accuracy));
      const ddp = summarize(chosen.map((point) => point.ddp));
      if (accuracy === undefined || ddp === undefined) return [];
      return [{ method, gap, accuracy, ddp, met: chosen.length, seeds: seeds.length }];
    }),
  );
}

function readSeed({ seeds }: TradeOffPoint, seed: string): (ChosenAndReported & { ddp: number })[] {
  const found = seeds.find((one) => one.seed === seed);
  if (found === undefined) return [];
  const tradeOff = ({ accuracy, ddp }: Standing) => ({ accuracy, disparity: Math.abs(ddp) });
  return [{ validation: tradeOff(found.validation), test: tradeOff(found.test), ddp: found.test.ddp }];
}
