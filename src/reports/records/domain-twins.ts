import { groupBy } from '../../analysis/records.js';
import type { DomainRun } from './domain-records.js';

/**
 * Runs that DomainBed would take for one training, since algorithm, test environments, draw and trial are all that its
 * records know, as algorithms of names of their own: `ERM, model=mlp`. Else a rule would select among what was swept beside
 * them (a model, a seed) as if it were one run, and the layout would keep one of them. The names have the axes by which such
 * runs differ; where there are none every algorithm keeps its name.
 */
export function tellTwinsApart(runs: readonly DomainRun[]): readonly DomainRun[] {
  const axes = listAxes([...groupBy(runs, trainingOf).values()]);
  if (axes.length === 0) return runs;
  return runs.map((run) => {
    const own = axes.flatMap((axis) => {
      const value = run.job.axes[axis];
      return value === undefined ? [] : [`${axis.split('.').at(-1)}=${value}`];
    });
    const rename = (name: string) => [name, ...own].join(', ');
    return {
      ...run,
      records: run.records.map((record) => ({
        ...record,
        args: { ...record.args, algorithm: rename(record.args.algorithm) },
      })),
    };
  });
}

function trainingOf({ dataset, records }: DomainRun): string {
  const { algorithm, test_envs, hparams_seed, trial_seed } = records[0]!.args;
  return JSON.stringify([dataset, algorithm, [...test_envs].sort(), hparams_seed, trial_seed]);
}

/** Axes whose values differ within a group. */
function listAxes(groups: readonly (readonly DomainRun[])[]): readonly string[] {
  const differing = groups.flatMap((twins) => {
    const names = twins.flatMap(({ job }) => Object.keys(job.axes));
    return names.filter((name) => new Set(twins.map(({ job }) => job.axes[name])).size > 1);
  });
  return [...new Set(differing)];
}
