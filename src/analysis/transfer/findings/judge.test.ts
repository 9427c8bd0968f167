import { describe, expect, it } from 'vitest';
import { transferSchema } from '../../../config/schema/sections/transfer.js';
import { stream } from '../../../random/stream.js';
import type { TransferRecord } from '../records.js';
import { drawNormal } from '../testing/planted.js';
import { judgeFindings } from './judge.js';

const rule = transferSchema.parse({ findings: { draws: 300 } })!.findings!;
const source = stream(5, 'findings');
const clip = (value: number) => Math.min(0.99, Math.max(0.01, value));

interface World {
  /** How far OOD accuracy follows skill on domains alone, beside skill on the ID set. */
  readonly shared: number;
  /** What training all parameters gains with all data, and with few. */
  readonly gain: readonly [all: number, few: number];
  readonly domains?: number;
  readonly attacked?: boolean;
}

/** Two tasks of four domains, with twelve networks of each. */
function makeWorld({ shared, gain, domains = 4, attacked = false }: World): TransferRecord[] {
  return ['animals', 'digits'].flatMap((task) => {
    const names = Array.from({ length: domains }, (_, at) => `${task} ${at}`);
    return names.flatMap((id) =>
      ['10', 'all'].flatMap((shots) =>
        Array.from({ length: 6 }, (_, net) => String(net)).flatMap((net) => {
          const [skill, other] = [0.05 * drawNormal(source), 0.05 * drawNormal(source)];
          const attack = 0.02 * drawNormal(source);
          return ['full', 'head'].flatMap((mode) => {
            const better = mode === 'full' ? gain[shots === 'all' ? 0 : 1] : 0;
            const metrics = (accuracy: number) => ({
              accuracy: clip(accuracy),
              ece: 0.1 + 0.02 * drawNormal(source),
              ...(attacked && { 'accuracy@apgd-0.1': 0.2 + attack }),
            });
            const idMetrics = metrics(0.7 + skill + better);
            return names
              .filter((ood) => ood !== id)
              .map((ood) => ({
                ...{ network: `${shots} ${net} ${mode}`, task, id, ood },
                factors: { shots, net, mode },
                idMetrics,
                oodMetrics: metrics(0.5 + skill + shared * other + better + 0.005 * drawNormal(source)),
                ...{ idCount: 500, oodCount: 500 },
              }));
          });
        }),
      ),
    );
  });
}

const verdicts = (world: World) => judgeFindings(makeWorld(world), rule).map(({ verdict }) => verdict);

describe('the findings of the assay', () => {
  it('are reproduced where they hold, each by its interval over domains', () => {
    const found = judgeFindings(makeWorld({ shared: 1, gain: [0.06, -0.02], attacked: true }), rule);
    expect(found.map(({ verdict }) => verdict)).toEqual(Array(5).fill('reproduced'));
    for (const { statistics, domains } of found) {
      expect(domains).toBe(8);
      for (const { value, interval } of statistics) {
        expect(interval!.low).toBeLessThan(value);
        expect(interval!.high).toBeGreaterThan(value);
      }
    }
  });

  it('are not reproduced where the contrary holds', () => {
    const [, third, , attack, gain] = verdicts({ shared: 0, gain: [-0.06, 0.06] });
    expect(third).not.toBe('reproduced');
    expect(gain).toBe('not reproduced');
    expect(attack).toBe('undecided');
  });

  it('say what is missing, and that there are too few domains', () => {
    const found = judgeFindings(makeWorld({ shared: 1, gain: [0.1, 0], domains: 2 }), rule);
    expect(found[3]).toMatchObject({ statistics: [], verdict: 'undecided' });
    expect(found[3]!.note).toContain('no accuracy under attack');
    expect(found[0]!.note).toContain('4 domains with at least 8 networks, 5 are needed');
    expect(found.every(({ verdict }) => verdict === 'undecided')).toBe(true);
  });
});
