import type { PageData, PageDecisions, PageWay } from '../page-data.js';

/** What is chosen. */
export interface View {
  readonly data: PageData;
  readonly way: PageWay;
  /** Place of the seed in the lists of seeds. */
  readonly at: number;
  /** Null where the seed has nothing at this setting. */
  readonly decided: PageDecisions | null;
}

/** Whether two heads decide, whose second head can be read; a regularised net has none. */
export function hasTwoHeads({ way }: View): boolean {
  return way.method === 'two heads';
}

/** `two heads, |DDP| ≤ 0.05`. */
export function nameWay({ method, setting }: PageWay): string {
  return `${method}, ${setting}`;
}
