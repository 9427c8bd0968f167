import type { Finding } from '../../analysis/transfer/findings/judge.js';
import type { FindingsRule } from '../../config/index.js';
import type { Table } from '../table.js';
import { columns, count, interval, percent, row, text, value } from './cells.js';

/** What became of the assay's findings: a row for each number behind one. */
export function tabulateFindings(findings: readonly Finding[], rule: FindingsRule): Table {
  return {
    name: 'transfer-findings',
    title: 'Findings of the assay, by a rule that was fixed before the runs',
    caption: [
      `Each number is a mean over the domains trained on, and the finding says that it is above 0. Interval: ${percent(rule.level)} percentile bootstrap over domains, each with all of its networks and pairs (${rule.draws.toLocaleString('en')} draws). Reproduced: all intervals of a finding lie above 0; not reproduced: one lies below; else undecided, as below ${rule.domains} domains.`,
      'R²: of a line of OOD accuracy on what predicts it, over the networks of a pair, mean over the pairs of a domain; correlation: Spearman’s of a metric on the ID set with itself on the OOD set, alike; gain: OOD accuracy of networks trained whole less that of matched ones with a new head alone. Where a best or worst of several is compared, each draw chooses anew.',
      ...findings.flatMap(({ claim, note }) =>
        note === '' ? [] : [`${claim[0]!.toUpperCase()}${claim.slice(1)}: ${note}.`],
      ),
    ],
    stub: ['finding', 'number'],
    columns: columns('value', 'interval', 'domains', 'verdict'),
    rows: findings.flatMap(({ claim, statistics, domains, verdict }) => {
      if (statistics.length === 0)
        return [row([claim, 'not measured'], [text('–'), text('–'), count(domains), text(verdict)])];
      return statistics.map((one) =>
        row([claim, one.words], [value(one.value), interval(one.interval), count(domains), text(verdict)]),
      );
    }),
  };
}
