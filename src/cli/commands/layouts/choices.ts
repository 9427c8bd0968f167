import { describeTraining, type Selection } from '../../../selection/index.js';

/** Which run and which checkpoint every number comes from, for programs. */
export function describeChoices(selections: readonly Selection[]): readonly object[] {
  return selections.map(({ group, rule, chosen, missing }) => ({
    selection: rule.name,
    looks_at_test: rule.looksAtTest,
    ...{ dataset: group.dataset, algorithm: group.algorithm },
    ...{ trial_seed: group.trial, test_env: group.testEnvironment },
    chosen:
      chosen === undefined
        ? null
        : {
            ...{ hparams_seed: chosen.hparamsSeed, step: chosen.step },
            ...{ val_acc: chosen.validation, test_acc: chosen.test },
            output_dir: chosen.record.args.output_dir ?? null,
          },
    missing: missing.map((each) => ({
      ...{ test_envs: each.testEnvironments, hparams_seed: each.hparamsSeed },
      steps: each.steps.length === 0 ? 'all' : each.steps,
    })),
  }));
}

/** A line for each rule that lacked trainings: how many, and the first of them. */
export function describeMissing(selections: readonly Selection[]): string[] {
  return [...new Set(selections.map(({ rule }) => rule))].flatMap((rule) => {
    const lacks = selections
      .filter((selection) => selection.rule === rule)
      .flatMap(({ group, missing }) => missing.map((each) => ({ group, ...each })));
    // A pair of test environments is missed from either side.
    const trainings = new Set(
      lacks.map(({ group, testEnvironments, hparamsSeed, steps }) => {
        const { dataset, algorithm, trial: trial_seed } = group;
        const seeds = { trial_seed, hparams_seed: hparamsSeed };
        const part = steps.length === 0 ? '' : `, step${steps.length > 1 ? 's' : ''} ${steps.join(', ')}`;
        return `${describeTraining({ dataset, algorithm, test_envs: testEnvironments, ...seeds })}${part}`;
      }),
    );
    const [first] = trainings;
    if (first === undefined) return [];
    const more = trainings.size > 1;
    const count = `${trainings.size} training${more ? 's are' : ' is'} missing`;
    return [`${rule.name}: ${count}: ${first}${more ? ' and others (--json lists them)' : ''}`];
  });
}
