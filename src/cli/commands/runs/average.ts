import type { ExitCode } from '../../../core/errors.js';
import { type RunRecord, readRecord } from '../../../evaluation/record.js';
import { requireOneStart } from '../../../protocols/averaging/members.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import type { ComposedJob } from '../../../sweeps/plan.js';
import type { Arguments } from '../../arguments/arguments.js';
import { type AveragingMethod, protocolOf, readAverageOptions } from '../../averaging/average-options.js';
import { groupRuns, type RunGroup } from '../../averaging/group-runs.js';
import { derivedJob, pastTraining, section } from '../../derived/derived-job.js';
import { readOperand } from '../../derived/read-operand.js';
import { requireDone } from '../../derived/require-done.js';
import { writeDerivedRuns } from '../../derived/write-derived.js';
import { findPlan } from '../../find-plan.js';
import { layOut } from '../../output/columns.js';
import { print } from '../../output/print.js';
import { inPlace } from '../../output/results.js';

/**
 * `average STUDY method=diwa|greedy|eoa`: makes a run of the mean of those runs of a study that have dataset, split, model
 * and objective in common, and shows what it comes to.
 */
export async function averageRuns(args: Arguments): Promise<ExitCode> {
  const { method, rest } = readAverageOptions(args.words);
  const words = { command: 'average', operand: 'STUDY', options: 'option of average: method' } as const;
  const { name, results } = readOperand(args, rest, words);
  const plan = findPlan(results, name);
  const groups = groupRuns(plan.name, plan.jobs);
  const folderOf = (run: string) => runFolder(results, plan.study, run);
  for (const { jobs } of groups) {
    for (const { run } of jobs)
      requireDone(folderOf(run), 'E_AVERAGE_RUN', 'so there is nothing to average yet');
    if (protocolOf[method].of === 'weights') {
      requireOneStart(jobs.map(({ run, config }) => ({ id: run, config })));
    }
  }
  return inPlace(results, async () => {
    const composed = groups.map((group) => compose(group, method));
    const { written, code } = await writeDerivedRuns(
      'average',
      { study: plan.study, results },
      composed,
      args,
    );
    if (written === undefined) return code;
    for (const [at, { label, jobs }] of groups.entries()) {
      const { folder } = written[at]!;
      const members = jobs.map(({ run }) => readRecord(runPaths(folderOf(run)).record));
      print(
        `\n${describe(`${label} (${jobs.length} runs)`.trim(), members, readRecord(runPaths(folder).record))}`,
      );
      print(`Run      ${folder}`);
    }
    return 0;
  });
}

/** The config of the first of the runs, without what is of a training alone. */
function compose({ label, jobs }: RunGroup, method: AveragingMethod): ComposedJob {
  const [first] = jobs;
  const { config } = first!;
  const { probes: _probes, ...evaluation } = section(config, 'evaluation');
  const { start = 0 } = section(section(config, 'training'), 'average');
  const from = jobs.map(({ run }) => run);
  const averaged = {
    ...config,
    protocol: { name: 'averaged', from, ...protocolOf[method] },
    training: pastTraining(config, start),
    evaluation: method === 'eoa' ? evaluation : section(config, 'evaluation'),
  };
  return derivedJob(first!, {
    config: averaged,
    axes: { method, 'protocol.from': from.join('+') },
    label: `${method} ${label}`.trim(),
    derived: `mean of runs ${from.join(', ')}, as average put them together`,
  });
}

/** Accuracy, or whatever is measured first, of the members and of their mean, for every set. */
function describe(
  label: string,
  members: readonly (RunRecord | undefined)[],
  own: RunRecord | undefined,
): string {
  const rows = (own?.rows ?? []).filter(({ group }) => Object.keys(group).length === 0);
  const metric = rows[0]?.metric;
  const shown = rows.filter((row) => row.metric === metric);
  const lines = shown.map(({ set, value }) => {
    const found = members.flatMap((record) => {
      const row = record?.rows.find(
        (one) => one.set === set && one.metric === metric && Object.keys(one.group).length === 0,
      );
      return row === undefined ? [] : [row.value];
    });
    const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
    const cells = found.length === 0 ? ['', ''] : [mean.toFixed(4), Math.max(...found).toFixed(4)];
    return [set, ...cells, value.toFixed(4)];
  });
  return `${label}\n${layOut([metric ?? '', 'mean of runs', 'best of them', 'averaged'], lines, 'lrrr')}`;
}
