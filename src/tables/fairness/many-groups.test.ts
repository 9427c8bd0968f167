import { expect, it } from 'vitest';
import { drawArms } from '../../analysis/fairness/testing/scored-groups.js';
import { tabulateEquivalence } from './equivalence.js';
import { tabulateTreatment } from './treatment.js';
import { tabulateWithinGaps } from './within-gaps.js';

const groups = ['x', 'y', 'z'] as const;
const study = {
  ...{ split: 'own', target: 'hired', protected: 'race', groups },
  ...{ arms: drawArms([-0.6, 0, 0.6], 300), leftOut: 2 },
};

it('tables tell of three groups, or that they are for two', () => {
  const within = tabulateWithinGaps(study, 'people');
  expect(within.columns[1]).toMatchObject({ group: 'gap ≤ 0.01', label: 'gap (max − min)' });
  expect(within.caption.join(' ')).toContain('largest minus the smallest rate');
  const text = JSON.stringify(within.rows);
  expect(text).toContain('n too small');
  expect(text).toMatch(/nearest 0\.[3-9]/);
  expect(within.caption.join(' ')).toMatch(
    /gap ≤ 0\.01 \(the nearest bound is 0\.\d+; it takes about [\d,]+ people/,
  );
  expect(tabulateEquivalence(study, 'people').caption.join(' ')).toContain('for two groups, and race has 3');
  const treated = tabulateTreatment(study, 'people');
  expect(treated.columns.map(({ group, label }) => `${group} ${label}`)).toEqual(
    ['x', 'y', 'z'].flatMap((group) => [`${group} loses`, `${group} gains`]),
  );
  expect(treated.rows).toHaveLength(3);
  expect(treated.caption.join(' ')).toContain('no matched gap');
  expect(within.caption.join(' ')).toContain('Left out: 2 runs');
});
