import type { FairArm } from '../../analysis/fairness/study/arms.js';
import type { Summary } from '../../analysis/summary.js';
import { toCell } from '../held-out.js';
import type { Cell, Row, Table } from '../table.js';

/** What a study of fairness has on one dataset; of two groups, group 1 is the second. */
export interface FairnessOf {
  readonly split: string;
  readonly target: string;
  readonly protected: string;
  readonly groups: readonly [string, string, ...string[]];
  readonly arms: readonly FairArm[];
  /** Runs that are left out because a set lacks one of the groups. */
  readonly leftOut?: number;
}

/** A table without its name. */
export type Contents = Omit<Table, 'name'>;

export const text = (what: string): Cell => ({ kind: 'text', text: what });
export const estimate = (summary: Summary | undefined): Cell => toCell(summary, true);
export const row = (section: string, header: readonly string[], cells: readonly Cell[]): Row => ({
  ...{ section, header, cells },
  ranked: false,
});
