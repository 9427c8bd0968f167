import type { FindingsRule } from '../../../config/index.js';
import { carryOver, type Domain, explain, explainByThird } from './domains.js';
import { gainOfFull } from './matched.js';
import { listMeasures, showMeasure } from './measures.js';

/** Rows are domains; statistics are functions of the means over those that were drawn. */
export interface Question {
  readonly claim: string;
  /** A column per number; domains that lack one do not count. */
  readonly columns: readonly ((domain: Domain) => number)[];
  readonly statistics: readonly {
    readonly words: string;
    readonly of: (means: readonly number[]) => number;
  }[];
  readonly note: string;
}

/** A finding that the runs have not the numbers for. */
export interface Missing {
  readonly claim: string;
  readonly missing: string;
}

/** What is asked of each finding, in the assay's order. */
export function listQuestions(domains: readonly Domain[], rule: FindingsRule): (Question | Missing)[] {
  const measures = listMeasures(rule);
  const names = Object.keys(measures);
  const known = (side: 'idMetrics' | 'oodMetrics') =>
    names.filter((name) =>
      domains.some(({ records }) =>
        records.every((record) => Number.isFinite(measures[name]!(record[side]))),
      ),
    );
  const [ofId, ofOod] = [known('idMetrics'), known('oodMetrics')];
  const both = ofId.filter((name) => ofOod.includes(name));
  /** What is compared with which others, and what is not there. */
  const describe = (name: string, own: readonly string[]) => {
    const show = (some: readonly string[]) => some.map(showMeasure).join(', ');
    const left = names.filter((one) => !own.includes(one));
    const compared = `${showMeasure(name)} beside ${show(own.filter((one) => one !== name))}`;
    return left.length === 0 ? compared : `${compared}; the runs do not have ${show(left)}`;
  };
  const carried = (claim: string, name: string, of: (own: number, others: readonly number[]) => number) =>
    !both.includes(name)
      ? { claim, missing: `the runs have no ${showMeasure(name)} on both sides` }
      : {
          claim,
          columns: [name, ...both.filter((other) => other !== name)].map(
            (each) => (domain: Domain) => carryOver(domain, measures[each]!),
          ),
          statistics: [
            {
              words:
                name === 'ece' ? 'next worst correlation less its own' : 'correlation less the next best',
              of: ([own, ...others]: readonly number[]) => of(own!, others),
            },
          ],
          note: describe(name, both),
        };
  const { shots } = rule;
  return [
    {
      claim: 'ID accuracy predicts best',
      columns: ['accuracy', ...ofId.filter((name) => name !== 'accuracy')].map(
        (name) => (domain) => explain(domain, measures[name]!),
      ),
      statistics: [
        {
          words: 'R² less the next best',
          of: ([own, ...others]) => own! - Math.max(...others),
        },
      ],
      note: describe('accuracy', ofId),
    },
    {
      claim: 'third-domain accuracy predicts better',
      columns: [explainByThird, (domain) => explain(domain, measures.accuracy!)],
      statistics: [{ words: 'R² less that of ID accuracy', of: ([a, b]) => a! - b! }],
      note: '',
    },
    carried('ECE goes over worst', 'ece', (own, others) => Math.min(...others) - own),
    carried(
      'accuracy under attack goes over best',
      'adversarial',
      (own, others) => own - Math.max(...others),
    ),
    {
      claim: `full beats head, less with ${shots.few} shots`,
      columns: [shots.all, shots.few].map((level) => (domain) => gainOfFull(domain, rule, level)),
      statistics: [
        { words: 'gain, all data', of: ([all]) => all! },
        { words: `that less the gain at ${shots.few}`, of: ([all, few]) => all! - few! },
      ],
      note: '',
    },
  ];
}
