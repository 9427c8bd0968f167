import type { FairArm } from '../../analysis/fairness/study/arms.js';
import { listGroupFlips } from '../../analysis/fairness/study/group-flips.js';
import { namedGaps } from '../../analysis/fairness/study/trade-offs/methods.js';
import { toCell } from '../held-out.js';
import type { Table } from '../table.js';

interface GroupsOf {
  readonly protected: string;
  readonly groups: readonly string[];
  readonly arms: readonly FairArm[];
}

type Contents = Omit<Table, 'name'>;

/** Who loses and who gains, where groups are more than two. */
export function tabulateGroupFlips({ arms, groups }: GroupsOf, dataset: string): Contents {
  return {
    title: `Who is treated differently on ${dataset}`,
    caption: [
      'Shares of each group at test. loses, gains: a positive decision, compared with f > 0 (of regularised nets: of the unconstrained net).',
      `Of ${groups.length} groups there is no matched gap, no swap and no intended direction, which are between two: ${compareTwo}`,
      'Every rule is chosen on the validation set of its seed, and shown at its test values.',
    ],
    stub: ['way of deciding'],
    columns: groups.flatMap((group) => ['loses', 'gains'].map((label) => ({ group, label }))),
    rows: listGroupFlips(arms, namedGaps).map((flips) => ({
      section: '',
      header: [flips.way],
      cells: flips.groups.flatMap(({ rejected, accepted }) =>
        [rejected, accepted].map((share) => toCell(share, true)),
      ),
      ranked: false,
    })),
  };
}

const compareTwo = 'dataset.protected_positive=LEVEL compares one group with all others.';

/** In place of a table that is for two groups alone. */
export function tabulateRefusal({ groups, protected: name }: GroupsOf, title: string): Contents {
  return {
    title,
    caption: [`This table is for two groups, and ${name} has ${groups.length}: ${compareTwo}`],
    stub: ['protected'],
    columns: [{ label: 'groups' }],
    rows: [
      {
        section: '',
        header: [name],
        cells: [{ kind: 'text', text: groups.join(', ') }],
        ranked: false,
      },
    ],
  };
}
