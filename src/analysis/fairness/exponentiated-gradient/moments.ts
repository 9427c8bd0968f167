/** What is to be alike in all groups: rates of positive decisions, or these among people of either class. */
export type ParityConstraint = 'demographic_parity' | 'equalised_odds';

/** People by what constraints look at. */
export interface People {
  /** 1 is the positive class. */
  readonly target: Uint8Array;
  /** Group of each, from 0 on. */
  readonly groups: Uint16Array;
}

/**
 * Differences that a constraint bounds: of each event (everyone; or everyone of a class), the rate of positive decisions in
 * a group less that of all groups together (Agarwal et al. 2018, examples 1 and 2). Groups that an event lacks have none.
 */
export interface Moments {
  /** Names of the differences: `group 1`, `group 1, class 0`. */
  readonly names: readonly string[];
  /** The differences for decisions, which may be probabilities. */
  measure(decisions: ArrayLike<number>): Float64Array;
  /** Adds the derivative of Σ factor · difference by each decision to `costs`. */
  addDerivatives(factors: Float64Array, costs: Float64Array): void;
}

export function createMoments(constraint: ParityConstraint, { target, groups }: People): Moments {
  const byClass = constraint === 'equalised_odds';
  const events = byClass ? 2 : 1;
  const groupCount = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const eventOf = (person: number) => (byClass ? target[person]! : 0);
  const inEvent = new Float64Array(events);
  const inCell = new Float64Array(events * groupCount);
  for (let person = 0; person < target.length; person++) {
    inEvent[eventOf(person)]! += 1;
    inCell[eventOf(person) * groupCount + groups[person]!]! += 1;
  }
  const cells = Array.from(inCell.keys()).filter((cell) => inCell[cell]! > 0);
  return {
    names: cells.map((cell) => {
      const group = `group ${cell % groupCount}`;
      return byClass ? `${group}, class ${Math.floor(cell / groupCount)}` : group;
    }),
    measure(decisions) {
      const perEvent = new Float64Array(events);
      const perCell = new Float64Array(inCell.length);
      for (let person = 0; person < target.length; person++) {
        perEvent[eventOf(person)]! += decisions[person]!;
        perCell[eventOf(person) * groupCount + groups[person]!]! += decisions[person]!;
      }
      return Float64Array.from(cells, (cell) => {
        const event = Math.floor(cell / groupCount);
        return perCell[cell]! / inCell[cell]! - perEvent[event]! / inEvent[event]!;
      });
    },
    addDerivatives(factors, costs) {
      const ofCell = new Float64Array(inCell.length);
      const ofEvent = new Float64Array(events);
      for (const [at, cell] of cells.entries()) {
        const event = Math.floor(cell / groupCount);
        ofCell[cell] = factors[at]! / inCell[cell]!;
        ofEvent[event]! += factors[at]! / inEvent[event]!;
      }
      for (let person = 0; person < target.length; person++) {
        const event = eventOf(person);
        costs[person]! += ofCell[event * groupCount + groups[person]!]! - ofEvent[event]!;
      }
    },
  };
}

/**
 * How far each group's rate may be from that of all so that no two groups' rates differ by more than `slack`. Of two groups
 * the smaller one is further off, by its share: exact of one event; of several the most cautious.
 */
export function toEpsilon(slack: number, constraint: ParityConstraint, { target, groups }: People): number {
  const groupCount = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  if (groupCount > 2) return slack / 2;
  const events = constraint === 'equalised_odds' ? [0, 1] : [undefined];
  const shares = events.map((event) => {
    const own = groups.filter((_, person) => event === undefined || target[person] === event);
    const share = own.reduce((sum, group) => sum + group, 0) / own.length;
    return Math.max(share, 1 - share);
  });
  return slack * Math.min(...shares);
}
