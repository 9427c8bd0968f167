import { existsSync } from 'node:fs';
import { listPoints } from '../../analysis/pruning.js';
import { indexValues } from '../../analysis/records.js';
import { isJsonObject } from '../../core/json.js';
import { readFacts } from '../../evaluation/circuits/facts.js';
import { imagesPerSecond, prunedAccuracy } from '../../evaluation/circuits/pruning.js';
import type { CircuitArm } from '../../figures/circuits/arms.js';
import type { PruningArm } from '../../figures/circuits/pruning-curves.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { type FigureInputs, pathsOf } from './figure-inputs.js';

/** The arms of some jobs whose circuits were looked at, in the order of the study; arms without facts are left out. */
export function readCircuitArms(inputs: FigureInputs, jobs: readonly PlannedJob[]): CircuitArm[] {
  return groupArms(inputs, jobs).flatMap(({ name, members }) => {
    const circuits = members.flatMap((job) => readFacts(pathsOf(inputs, job).circuit, job.run) ?? []);
    return circuits.length === 0 ? [] : [{ name, circuits }];
  });
}

/** The arms of some jobs whose pruned circuits were measured. */
export function readPruningArms(inputs: FigureInputs, jobs: readonly PlannedJob[]): PruningArm[] {
  const records = new Map(inputs.study.records.map((record) => [record.run, record]));
  return groupArms(inputs, jobs).flatMap(({ name, members }) => {
    const found = members.flatMap(({ run }) => records.get(run) ?? []);
    const pointsOf = (metric: string) =>
      found.map((record) => listPoints(indexValues(record, metric))).filter(({ length }) => length > 0);
    const accuracy = pointsOf(prunedAccuracy);
    return accuracy.length === 0 ? [] : [{ name, accuracy, speed: pointsOf(imagesPerSecond) }];
  });
}

/** Jobs that differ in their seed alone, as the study orders its models; splits are told apart where there are several. */
function groupArms(
  { study }: FigureInputs,
  jobs: readonly PlannedJob[],
): { readonly name: string; readonly members: readonly PlannedJob[] }[] {
  const circuits = jobs.filter(isCircuit);
  const splits = [...new Set(circuits.map(({ labels }) => labels.split))];
  return study.order.models.flatMap((model) =>
    splits.flatMap((split) => {
      const members = circuits
        .filter(({ labels }) => labels.model === model && labels.split === split)
        .sort((a, b) => Number(a.labels.seed) - Number(b.labels.seed));
      const name = splits.length > 1 ? `${model}, ${split}` : model;
      return members.length === 0 ? [] : [{ name, members }];
    }),
  );
}

/** What has to be run before circuits can be drawn, or undefined where nothing is lacking. */
export function lackingOf(inputs: FigureInputs, file: 'circuit' | 'pruning'): string | undefined {
  const circuits = inputs.study.jobs.filter(isCircuit);
  if (circuits.length === 0) return 'no run of this study is a circuit (model=nac)';
  const without = circuits.filter((job) => !existsSync(pathsOf(inputs, job)[file]));
  if (without.length === 0) return undefined;
  const command = file === 'circuit' ? 'circuit' : 'prune';
  const which =
    without.length === circuits.length
      ? ''
      : `${without.length} of ${circuits.length} circuits are missing: `;
  return `${which}npm run experiment -- ${command} ${inputs.plan.name}`;
}

export function isCircuit({ config, protocol }: PlannedJob): boolean {
  return protocol !== 'reference' && isJsonObject(config.model) && config.model.name === 'nac';
}
