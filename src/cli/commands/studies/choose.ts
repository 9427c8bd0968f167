import { join, relative } from 'node:path';
import { displayName } from '../../../analysis/held-out.js';
import { type Choice, selectValues } from '../../../analysis/select.js';
import type { Selection } from '../../../config/index.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { makeFolder, writeFileAtomic } from '../../../core/files/files.js';
import { projectRoot } from '../../../core/files/paths.js';
import type { Plan, PlannedJob } from '../../../sweeps/plan.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import { toCell } from '../../../tables/held-out.js';
import { renderers } from '../../../tables/index.js';
import { missing, type Table } from '../../../tables/table.js';
import type { Arguments } from '../../arguments/arguments.js';
import { experimentFile } from '../../experiment-file.js';
import { findPlan } from '../../find-plan.js';
import { print } from '../../output/print.js';
import { doneRecords, tellUnfinished } from '../../output/report-study.js';
import { composeForOperands, requireOperand, resultsFolder } from '../../output/results.js';
import { isTrained } from '../../plan-study.js';

/**
 * `choose STUDY`: the best value of the key of `study.selection` for each model, by the validation set alone; writes a YAML
 * per model to where another study takes it from. Exit code 1, and nothing written, unless all runs are done.
 */
export function chooseValues(args: Arguments): ExitCode {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const plan = findPlan(folder, requireOperand(operands, 'experiment -- choose', 'STUDY'));
  const selection = readSelection(plan);
  const status = planStatus(plan, folder);
  const { jobs, records } = doneRecords(plan, status, folder);
  refuseOtherAxes(plan, selection);
  // A rate with which one seed diverged is no candidate, however the others fared.
  const diverged = status.jobs.filter(
    ({ state, error }) => state === 'failed' && error?.code === 'E_TRAINING_DIVERGED',
  );
  const isOut = (job: PlannedJob) =>
    diverged.some(
      ({ job: other }) =>
        modelOf(other) === modelOf(job) && axisValue(other, selection) === axisValue(job, selection),
    );
  for (const { job } of diverged) print(`diverged, so not chosen: ${job.label}`);
  const candidates = jobs.flatMap((job, index) =>
    isTrained(job) && !isOut(job)
      ? [
          {
            model: modelOf(job),
            value: axisValue(job, selection),
            seed: job.labels.seed,
            record: records[index]!,
          },
        ]
      : [],
  );
  const choices = selectValues(candidates, selection.metric);
  const seeds = [...new Set(candidates.map(({ seed }) => seed))];
  print(renderers.txt(tabulate(plan, selection, choices, seeds)));
  const left = status.jobs.length - status.counts.done - diverged.length;
  if (left > 0) return tellUnfinished(plan, status);
  if (choices.length === 0) throw refuse(plan, 'no run has this metric on a set called validation', []);
  const into = experimentFile(selection.into, '');
  makeFolder(into);
  for (const { model, chosen, found } of choices) {
    const text = `# @package _global_\n# ${selection.metric} on validation ${found.get(chosen)!.mean.toFixed(4)}, the highest of ${found.size} values: npm run experiment -- choose ${plan.name}\n${nest(selection.key, chosen)}`;
    writeFileAtomic(join(into, `${model}.yaml`), text);
  }
  print(`\nWritten  ${relative(projectRoot(), into)}/{${choices.map(({ model }) => model).join(',')}}.yaml`);
  return 0;
}

function readSelection(plan: Plan): Selection {
  const study = plan.jobs[0]?.config.study as { readonly selection?: Selection | null } | undefined;
  if (study?.selection) return study.selection;
  throw refuse(plan, 'it has no study.selection, which says what to choose', [
    'study: {selection: {key: training.optimizer.learning_rate, into: NAME/rates}} in its experiment.yaml',
  ]);
}

/** Their values would be averaged as if they were seeds. */
function refuseOtherAxes(plan: Plan, { key }: Selection): void {
  const known = ['model', 'seed', key];
  const others = new Set(plan.jobs.filter(isTrained).flatMap(({ axes }) => Object.keys(axes)));
  for (const axis of others) {
    const values = new Set(plan.jobs.filter(isTrained).map(({ axes }) => axes[axis]));
    if (known.includes(axis) || values.size < 2) continue;
    throw refuse(plan, `it also varies ${axis}, whose values would be averaged`, [`give ${axis} one value`]);
  }
}

/** The option of the group, else the name that tables have. */
const modelOf = ({ axes, labels }: PlannedJob) => axes.model ?? labels.model.split(',')[0]!;

function axisValue({ axes, label }: PlannedJob, { key }: Selection): string {
  const value = axes[key];
  if (value !== undefined) return value;
  throw new HeldoutError({
    code: 'E_SELECTION',
    message: `${label} has no value of '${key}': study.selection.key must be an axis of the sweep`,
    place: 'study.selection.key',
    hints: [`axes are ${Object.keys(axes).join(', ')}`],
  });
}

function tabulate(
  plan: Plan,
  { key, metric }: Selection,
  choices: readonly Choice[],
  seeds: readonly string[],
): Table {
  const values = [...new Set(choices.flatMap(({ found }) => [...found.keys()]))];
  return {
    name: 'selection',
    title: `${key} by ${metric} on validation, ${plan.name}`,
    caption: [
      `Mean ± half-width of the 95 % Student t interval over seeds ${seeds.join(', ')}; chosen: the highest mean. No other set was looked at.`,
    ],
    stub: ['model'],
    columns: [...values, 'chosen'].map((label) => ({ label })),
    rows: choices.map(({ model, found, chosen }) => ({
      header: [displayName(model)],
      section: '',
      ranked: true,
      cells: [
        ...values.map((value) => (found.has(value) ? toCell(found.get(value), true) : missing)),
        { kind: 'text', text: chosen },
      ],
    })),
  };
}

/** `a.b: 1` as YAML of nested maps. */
function nest(key: string, value: string): string {
  return `${key.split('.').reduceRight((inner, name, index, all) => {
    const margin = '  '.repeat(index);
    return index === all.length - 1 ? `${margin}${name}: ${value}\n` : `${margin}${name}:\n${inner}`;
  }, '')}`;
}

function refuse(plan: Plan, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_SELECTION', message, place: plan.name, hints });
}
