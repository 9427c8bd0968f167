/** What the page of a fairness study shows; stands in it as JSON. Knows neither Node nor a browser. */
export interface PageData {
  readonly title: string;
  /** As the command line names it. */
  readonly study: string;
  readonly dataset: string;
  readonly target: string;
  /** Of the target; decisions are positive for the second. */
  readonly levels: readonly [string, string];
  /** What a positive decision means to the person. */
  readonly note: string;
  readonly protected: string;
  /** Group 0 and group 1. */
  readonly groups: readonly [string, string];
  readonly seeds: readonly SeedFacts[];
  readonly methods: readonly PageMethod[];
  /** Gap between the base rates at test. */
  readonly labelGap: Interval;
  /** Matched-score gap of the unconstrained nets. */
  readonly blindGap: Interval | null;
  /** What a group head gives: the group as a number near 0 or 1, or a logit. Null where no net has one. */
  readonly head: 'number' | 'logit' | null;
  readonly ways: readonly PageWay[];
}

/** Mean over seeds, and half of the 95 % Student t interval; null for one seed. */
export type Interval = readonly [mean: number, halfWidth: number | null];
/** Of group 0 and of group 1. */
export type ByGroup<Fact> = readonly [Fact, Fact];

/** People of the two sets that were split off for a seed. */
export interface SeedFacts {
  readonly seed: string;
  readonly validation: ByGroup<GroupSize>;
  readonly test: ByGroup<GroupSize>;
}

export interface GroupSize {
  readonly people: number;
  /** Whose label is the second level of the target. */
  readonly positive: number;
}

/** A method of the trade-off, with its settings in order. */
export interface PageMethod {
  readonly name: string;
  readonly points: readonly PagePoint[];
}

export interface PagePoint {
  readonly setting: string;
  readonly seeds: number;
  readonly validation: Standing<Interval>;
  readonly test: Standing<Interval>;
}

export interface Standing<Value> {
  readonly accuracy: Value;
  /** Rate of positive decisions of group 1 minus that of group 0. */
  readonly ddp: Value;
}

/** A setting of two heads or of a regulariser. */
export interface PageWay {
  readonly method: 'two heads' | 'regularised';
  readonly setting: string;
  readonly value: number;
  /** Shares of each group, over seeds. */
  readonly shares: ByGroup<FlipShares>;
  readonly matchedGap: Interval | null;
  /** How nearly other rules decide as the net, over seeds; of regularised nets beside two heads. */
  readonly agreement: Agreements | null;
  /** In the order of the seeds; null where nothing keeps to the slack on validation, or no net was trained. */
  readonly seeds: readonly (PageDecisions | null)[];
}

export interface FlipShares {
  readonly rejected: Interval;
  readonly accepted: Interval;
  readonly other: Interval;
  readonly swapped: Interval | null;
}

export interface Agreements {
  readonly bothHeads: Interval;
  readonly offset: Interval;
  readonly retrained: Interval | null;
  readonly control: Interval | null;
}

/** What is decided about the test people of one seed. */
export interface PageDecisions {
  readonly validation: Standing<number>;
  readonly test: Standing<number>;
  /** Standard error of the gap by sampling, on each set. */
  readonly errors: { readonly validation: number; readonly test: number };
  readonly rule: PageRule | null;
  readonly groups: ByGroup<FlipCounts>;
  /** Group with the larger rate before; null where these are equal. */
  readonly advantaged: 0 | 1 | null;
  readonly matchedGap: number | null;
  /** Share of test people who are in its bins. */
  readonly covered: number;
  readonly bins: readonly PageBin[];
  readonly flips: PageFlips;
}

/** f + b g + c > 0 in the head's own output g. */
export interface PageRule {
  readonly b: number;
  readonly c: number;
  /** Mean of g by group on validation, and the threshold on f that it means. */
  readonly means: ByGroup<number>;
  readonly thresholds: ByGroup<number>;
  /** Share of test people decided about as the net does. */
  readonly agreement: number;
}

export interface FlipCounts {
  readonly people: number;
  readonly before: number;
  readonly after: number;
  readonly rejected: number;
  readonly accepted: number;
  readonly other: number;
  /** Null where there is no head to ask. */
  readonly swapped: number | null;
}

/** People of like unconstrained score: lowest score, sizes, and rates of positive decisions. */
export type PageBin = readonly [low: number, n0: number, n1: number, rate0: number, rate1: number];

/** People whose decision changed, by column; scores in thousandths. */
export interface PageFlips {
  /** Also of those that are not listed. */
  readonly total: number;
  readonly ids: readonly number[];
  /** Bits: 1 group, 2 label, 4 positive now, 8 decided otherwise if g were the mean of the other group. */
  readonly flags: readonly number[];
  /** Unconstrained score. */
  readonly f: readonly number[];
  /** Own output of the group head; empty where there is none. */
  readonly g: readonly number[];
  /** What is decided by: positive above 0. */
  readonly score: readonly number[];
  /** That score with the mean of g over the other group; empty where there is no head to ask. */
  readonly swap: readonly number[];
}

export const flagOf = { group: 1, label: 2, positive: 4, swapped: 8 } as const;
export const thousandth = 1000;
