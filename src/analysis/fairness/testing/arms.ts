import { fillNormal, fillUniform } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { describePeople } from '../people.js';
import type { ArmKind, FairArm, FairRun, ScoredPeople } from '../study/arms.js';

/** What the people of a made-up study are, and what a net sees in them. */
interface Scores {
  readonly size: number;
  readonly seed: number;
  readonly first: number;
  /** What a net takes away for the group. */
  readonly hold: number;
  readonly noise: number;
}

/** People whose merit depends on their group, and nets that see it: a fair one takes away what it takes for the group. */
function score({ size, seed, first, hold, noise }: Scores): ScoredPeople {
  const facts = stream(seed, 'facts', String(first));
  const [coin, chance] = [0, 1].map(() => fillUniform(facts, new Float32Array(size), 0, 1)) as [
    Float32Array,
    Float32Array,
  ];
  const merit = fillNormal(facts, new Float32Array(size));
  const own = fillNormal(stream(seed, 'net', String(hold), String(noise)), new Float32Array(size));
  const a = Uint8Array.from(coin, (value) => (value < 0.5 ? 0 : 1));
  const logits = Float64Array.from(merit, (value, i) => 2 * value + 1.5 * (a[i]! - 0.5));
  const y = Uint8Array.from(logits, (logit, i) => (chance[i]! < 1 / (1 + Math.exp(-logit)) ? 1 : 0));
  const g = Float64Array.from(a, (group, i) => group - 0.5 + 0.05 * own[i]!);
  return {
    ids: Uint32Array.from({ length: size }, (_, i) => 3 * size * seed + first + i),
    people: describePeople(y, a),
    f: logits.map((logit, i) => logit - hold * (a[i]! - 0.5) + noise * own[i]!),
    g,
  };
}

export interface MadeUpStudy {
  /** People of a set. */
  readonly size?: number;
  readonly seeds?: readonly number[];
  /** What nets of each strength take away for the group. */
  readonly holds?: Readonly<Record<number, number>>;
}

/**
 * The arms of a made-up study: unconstrained nets, fair ones of each strength, the strongest of them with a twin of the
 * first seed, and nets with two heads, also with a second one that learned shuffled groups.
 */
export function makeArms({
  size = 4000,
  seeds = [1, 2, 3],
  holds = { 10: 1.5 },
}: MadeUpStudy = {}): FairArm[] {
  const run = (seed: number, hold: number, noise = 0.1, split = seed): FairRun => ({
    run: `${seed}-${hold}-${noise}`,
    seed: String(seed),
    validation: score({ size, seed: split, first: 0, hold, noise }),
    test: score({ size, seed: split, first: size, hold, noise }),
  });
  const arm = (kind: ArmKind, strength: number, runs: readonly FairRun[], shuffled = false): FairArm => ({
    ...{ kind, strength, shuffled, runs },
    label: `${kind} ${strength}`,
  });
  const strengths = Object.keys(holds).map(Number);
  const strongest = Math.max(...strengths);
  const [first = 1] = seeds;
  return [
    arm(
      'unconstrained',
      0,
      seeds.map((seed) => run(seed, 0)),
    ),
    ...strengths.map((strength) => {
      const fair = seeds.map((seed) => run(seed, holds[strength]!));
      const twin = run(9, holds[strength]!, 0.2, first);
      return arm('regularised', strength, strength === strongest ? [...fair, twin] : fair);
    }),
    arm(
      'two_heads',
      0,
      seeds.map((seed) => run(seed, 0, 0.15)),
    ),
    arm(
      'two_heads',
      0,
      seeds.map((seed) => shuffleHead(run(seed, 0, 0.15))),
      true,
    ),
  ];
}

function shuffleHead(own: FairRun): FairRun {
  const turn = (set: ScoredPeople) => ({ ...set, g: set.g!.toReversed() });
  return { ...own, run: `${own.run}-shuffled`, validation: turn(own.validation), test: turn(own.test) };
}
