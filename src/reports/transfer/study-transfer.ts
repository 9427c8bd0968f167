import { analyseTransfer } from '../../analysis/transfer/analyse.js';
import { judgeFindings } from '../../analysis/transfer/findings/judge.js';
import type { TransferChoice } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import { isJsonObject } from '../../core/json.js';
import type { RunRecord } from '../../evaluation/record.js';
import type { ImportedNetwork, ImportedPredictions, ImportedSet } from '../../imports/imported.js';
import { makeRecords } from '../../imports/transfer-records.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import { listFactors } from './factors.js';
import { isTransfer, readNetwork, type TestedEnvironment, type TrainedNetwork } from './study-networks.js';
import { listAccuracies, type TransferReport } from './transfer-report.js';

/**
 * Analyses the runs of a study that were trained on one environment each as files of predictions are analysed; a task per
 * dataset. Undefined where no run was. Throws HeldoutError where runs were tested on different examples.
 */
export async function analyseStudy(
  plan: Plan,
  resultsFolder: string,
  jobs: readonly PlannedJob[],
  records: readonly RunRecord[],
): Promise<TransferReport | undefined> {
  const byRun = new Map(records.map((record) => [record.run, record]));
  const networks: TrainedNetwork[] = [];
  for (const job of jobs.filter(isTransfer)) {
    const network = await readNetwork(plan, resultsFolder, job, byRun.get(job.run)!);
    if (network !== undefined && network.ood.length > 0) networks.push(network);
  }
  if (networks.length === 0) return undefined;
  const { imported, recorded } = gather(plan, networks);
  const bins = binsOf(plan);
  const transfer = makeRecords(imported, { bins, recorded });
  const choice = choiceOf(plan);
  const by = choice.by !== undefined && listFactors(plan).has(choice.by) ? choice.by : undefined;
  const analysis = analyseTransfer(transfer.records, { by, factors: choice.factors }, transfer.find);
  const { findings: rule } = choice;
  const findings = rule && { rule, found: judgeFindings(transfer.records, rule) };
  const { notes } = transfer;
  return {
    name: plan.name,
    transfer,
    analysis,
    accuracies: listAccuracies(transfer),
    by,
    bins,
    notes,
    findings,
  };
}

/** The runs in the shape of imported predictions. */
function gather(plan: Plan, networks: readonly TrainedNetwork[]) {
  const factors = listFactors(plan);
  const sets = new Map<string, ImportedSet & { readonly from: PlannedJob; readonly ids: Uint32Array }>();
  const names = nameSets(networks);
  const places = networks.map(({ job, classes, id, ood }) => {
    const task = job.labels.dataset;
    const own = new Map<string, TestedEnvironment>();
    for (const tested of [id, ...ood]) {
      const name = names(task, tested.name);
      own.set(name, tested);
      const known = sets.get(name);
      if (known === undefined) {
        const examples = Array.from(tested.examples, String);
        sets.set(name, {
          name,
          variant: '',
          task,
          examples,
          classes,
          groups: {},
          from: job,
          ids: tested.examples,
        });
      } else if (!sameExamples(known.ids, tested.examples)) throw refuseExamples(name, known.from, job);
    }
    return own;
  });
  const listed = [...sets.values()];
  const find = (n: number, s: number) => places[n]!.get(listed[s]!.name);
  const imported: ImportedPredictions = {
    files: [],
    networks: networks.map(({ job, id }): ImportedNetwork => {
      const own = Object.fromEntries([...factors].map(([name, key]) => [name, levelOf(job, key)]));
      const words = Object.entries(own).map(([name, level]) =>
        name === 'model' ? level : `${name}=${level}`,
      );
      const name = words.length === 0 ? job.labels.model : words.join(', ');
      return { name, trainedOn: names(job.labels.dataset, id.name), factors: own };
    }),
    sets: listed,
    scores: (n, s) => find(n, s)?.scores,
    notes: [],
  };
  return { imported, recorded: (n: number, s: number) => find(n, s)?.recorded ?? {} };
}

/** What an axis chose for a job; a group of configs that was left away is called `none`. */
function levelOf({ axes }: PlannedJob, key: string): string {
  const value = axes[key] ?? '';
  return value === 'null' ? 'none' : value;
}

/** Environments by their names, with the dataset before where several have one of that name. */
function nameSets(networks: readonly TrainedNetwork[]): (task: string, name: string) => string {
  const tasks = new Map<string, Set<string>>();
  for (const { job, id, ood } of networks) {
    for (const { name } of [id, ...ood]) {
      const known = tasks.get(name) ?? new Set();
      tasks.set(name, known.add(job.labels.dataset));
    }
  }
  return (task, name) => (tasks.get(name)!.size > 1 ? `${task} ${name}` : name);
}

function sameExamples(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((example, at) => b[at] === example);
}

function refuseExamples(set: string, one: PlannedJob, other: PlannedJob): HeldoutError {
  return new HeldoutError({
    code: 'E_TRANSFER_EXAMPLES',
    message: `runs ${one.run} and ${other.run} were tested on different examples of ${set}, so that they do not compare`,
    place: 'evaluation.test_examples',
    hints: [
      'evaluation.test_examples=100000 tests on all examples of a set: what is trained is evaluated anew',
      'split.trial draws which examples are for testing: the same for all runs',
    ],
    exitCode: 1,
  });
}

function choiceOf({ jobs }: Plan): TransferChoice {
  const study = jobs[0]?.config.study as { readonly transfer?: TransferChoice } | undefined;
  return study?.transfer ?? {};
}

function binsOf({ jobs }: Plan): number | undefined {
  const evaluation = jobs[0]?.config.evaluation;
  return isJsonObject(evaluation) && typeof evaluation.bins === 'number' ? evaluation.bins : undefined;
}
