import { type Summary, summarize } from '../../analysis/summary.js';
import { imagesPerSecond, prunedAccuracy } from '../../evaluation/circuits/pruning.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import { layOut } from '../output/columns.js';

/** The whole circuit and what is left of it: accuracy on every set, and images per second, as lines of text. */
export function describePruning(rows: readonly RecordRow[], processors: number): string {
  const accuracies = rows.filter(({ metric }) => metric === prunedAccuracy);
  const sets = [...new Set(accuracies.map(({ set }) => set))];
  const speeds = new Map(
    rows.filter(({ metric }) => metric === imagesPerSecond).map(({ group, value }) => [group.kept, value]),
  );
  const nets = [...new Set(accuracies.map(({ group }) => `${group.order}\n${group.kept}`))];
  const lines = nets.map((net) => {
    const [order, kept] = net.split('\n') as [string, string];
    const values = sets.map((set) => {
      const found = accuracies.filter(
        (row) => row.set === set && row.group.order === order && row.group.kept === kept,
      );
      return summarize(found.map(({ value }) => value));
    });
    const speed = speeds.get(kept) ?? 0;
    const whole = speeds.get(String(processors)) ?? speed;
    return [
      order,
      kept,
      `${Math.round((100 * Number(kept)) / processors)} %`,
      speed.toFixed(0),
      `${(speed / whole).toFixed(2)}x`,
      ...values.map(writeSummary),
    ];
  });
  const heads = ['order', 'kept', 'share', 'images/s', 'speed', ...sets];
  return layOut(heads, lines, `lrrrr${'r'.repeat(sets.length)}`);
}

function writeSummary(summary: Summary | undefined): string {
  if (summary === undefined) return '';
  const { mean, halfWidth } = summary;
  return halfWidth === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${halfWidth.toFixed(3)}`;
}
