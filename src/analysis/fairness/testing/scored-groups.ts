import { drawFloat24, stream } from '../../../random/stream.js';
import { describePeople } from '../people.js';
import type { ArmKind, FairArm, FairRun, ScoredPeople } from '../study/arms.js';
import { drawNormal } from './populations.js';

/** People whose scores differ by group, with a head for each of three groups, or the one of two. */
function drawScored(seed: number, count: number, shifts: readonly number[]): ScoredPeople {
  const source = stream(seed, 'people', String(count));
  const groups = shifts.length;
  const a = Uint8Array.from({ length: count }, (_, i) => i % groups);
  const f = Float64Array.from(a, (group) => shifts[group]! + drawNormal(source));
  const y = Uint8Array.from(f, (score) => (drawFloat24(source) < 1 / (1 + Math.exp(-2 * score)) ? 1 : 0));
  const heads = shifts.map((_, k) =>
    Float64Array.from(a, (group) => (group === k ? 1 : 0) + 0.1 * drawNormal(source)),
  );
  return {
    ids: Uint32Array.from({ length: count }, (_, i) => i),
    people: describePeople(y, a, groups),
    f,
    g: groups === 2 ? heads[1]!.map((value) => value - 0.5) : undefined,
    heads: groups > 2 ? heads : undefined,
  };
}

/** Unconstrained nets and nets with a head for each group (or one of two), of two seeds; `people` are in each validation set. */
export function drawArms(shifts: readonly number[], people: number): FairArm[] {
  const run = (seed: number): FairRun => ({
    ...{ run: `run ${seed}`, seed: String(seed) },
    validation: drawScored(seed, people, shifts),
    test: drawScored(100 + seed, 3000, shifts),
  });
  const arm = (kind: ArmKind): FairArm => ({
    ...{ kind, label: kind, strength: 0, shuffled: false },
    runs: [run(1), run(2)],
  });
  return [arm('unconstrained'), arm('two_heads')];
}
