import type { RecordRow } from '../../evaluation/predictions.js';
import type { RunRecord } from '../../evaluation/record.js';
import { layOut } from '../output/columns.js';

/** What a run came to by its own evaluation, and by another one. */
export interface Compared {
  readonly run: string;
  readonly before: RunRecord | undefined;
  readonly other: string;
  readonly after: RunRecord | undefined;
}

/** A line per metric and set of one run: by its own evaluation, and by the other. */
export function describeRun({ run, before, other, after }: Compared): string {
  const [own, others] = [overall(before), overall(after)];
  const name = (id: string, record: RunRecord | undefined) => `${id} (${record?.labels.dataset ?? 'none'})`;
  const metrics = [...new Set([...others, ...own].map(nameOf))];
  const sets = [...new Set([...own, ...others].map(({ set }) => set))];
  const lines = metrics.flatMap((metric) =>
    sets.flatMap((set) => {
      const values = [own, others].map((rows) =>
        write(rows.find((row) => nameOf(row) === metric && row.set === set)),
      );
      return values.every((value) => value === '') ? [] : [[metric, set, ...values]];
    }),
  );
  return layOut(['metric', 'set', name(run, before), name(other, after)], lines, 'llrr');
}

/** A line per run, for the first metric of the other evaluation. */
export function describeRuns(all: readonly Compared[]): string {
  const metric = all.flatMap(({ after }) => overall(after)).map(nameOf)[0] ?? 'none';
  const rowsOf = (record: RunRecord | undefined) => overall(record).filter((row) => nameOf(row) === metric);
  const setsOf = (take: (one: Compared) => RunRecord | undefined) => [
    ...new Set(all.flatMap((one) => rowsOf(take(one)).map(({ set }) => set))),
  ];
  const [own, others] = [setsOf(({ before }) => before), setsOf(({ after }) => after)];
  const pick = (record: RunRecord | undefined, set: string) =>
    write(rowsOf(record).find((row) => row.set === set));
  const heads = [
    'run',
    'model',
    'seed',
    ...own.map((set) => `own ${set}`),
    'evaluated',
    ...others.map((set) => `its ${set}`),
  ];
  const lines = all.map(({ run, before, other, after }) => [
    run,
    after?.labels.model ?? '',
    after?.labels.seed ?? '',
    ...own.map((set) => pick(before, set)),
    other,
    ...others.map((set) => pick(after, set)),
  ]);
  return `${metric}\n${layOut(heads, lines, `lll${'r'.repeat(own.length)}l${'r'.repeat(others.length)}`)}`;
}

/** Numbers of whole sets, and of each attack on one. */
function overall(record: RunRecord | undefined): readonly RecordRow[] {
  return (
    record?.rows.filter(
      ({ group }) =>
        Object.keys(group).length === 0 || (group.attack !== undefined && group.by === undefined),
    ) ?? []
  );
}

function nameOf({ metric, group }: RecordRow): string {
  return [metric, ...Object.values(group)].join(' ');
}

function write(row: RecordRow | undefined): string {
  return row === undefined ? '' : row.value.toFixed(4);
}
