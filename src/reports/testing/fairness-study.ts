import { mkdirSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../../core/json.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import { encodePredictions } from '../../evaluation/predictions-file.js';
import { fillNormal, fillUniform } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import { buildPlan, type ComposedJob, type Plan } from '../../sweeps/plan.js';

export interface StudyNames {
  readonly target: string;
  readonly levels: readonly [string, string];
  readonly protected: string;
  readonly groups: readonly [string, string];
}

const perSet = 400;
const sets = ['validation', 'test'] as const;

/**
 * Writes the predictions and records of a small study of fairness: an unconstrained net, one that is regularised, and one
 * with two heads, for each seed. Merit depends on the group; the regularised net takes that away again.
 */
export async function writeFairnessStudy(
  results: string,
  names: StudyNames,
  seeds: readonly number[],
): Promise<Plan> {
  const objectives: JsonObject[] = [
    { name: 'fair', strength: 0, shuffled: false },
    { name: 'fair', strength: 10, shuffled: false },
    { name: 'two_heads', second_loss: 'mse_linear', second_weight: 0.5, shuffled: false },
  ];
  const jobs = objectives.flatMap((objective) =>
    seeds.map((seed) => composeJob({ objective, names, seed, title: 'Toy <study>' })),
  );
  const plan = buildPlan('toy-fairness', 'toy-fairness', jobs);
  for (const { run, config, labels } of plan.jobs) {
    const paths = runPaths(runFolder(results, plan.study, run));
    mkdirSync(paths.folder, { recursive: true });
    const { name, strength = 0 } = config.objective as { readonly name: string; readonly strength?: number };
    const table = scorePeople(names, Number(config.seed), strength > 0 ? 1.5 : 0, name === 'two_heads');
    writeFileSync(paths.predictions, await encodePredictions(table));
    writeFileSync(paths.record, JSON.stringify({ schema: 1, run, labels: { ...labels }, rows: [] }));
  }
  return plan;
}

function composeJob({
  objective,
  names,
  seed,
  title,
}: {
  readonly objective: JsonObject;
  readonly names: StudyNames;
  readonly seed: number;
  readonly title: string;
}): ComposedJob {
  const config: JsonObject = {
    ...{ seed, study: { title }, dataset: { name: 'people' }, split: { rule: 'stratified' } },
    ...{ model: { name: 'mlp' }, objective, protocol: { name: 'supervised' } },
    evaluation: { protected: [names.protected] },
  };
  const axes = {
    objective: String(objective.name),
    'objective.strength': String(objective.strength),
    seed: `${seed}`,
  };
  return { axes, protocol: 'supervised', config, composed: config, overrides: [], provenance: {} };
}

/** Both heads where the net has two; ids tell the rows of both sets apart. */
function scorePeople(names: StudyNames, seed: number, hold: number, heads: boolean): PredictionsTable {
  const count = sets.length * perSet;
  const facts = stream(seed, 'toy-people');
  const [coin, chance] = [0, 1].map(() => fillUniform(facts, new Float32Array(count), 0, 1)) as [
    Float32Array,
    Float32Array,
  ];
  const merit = fillNormal(facts, new Float32Array(count));
  const own = fillNormal(stream(seed, 'toy-net', String(hold), String(heads)), new Float32Array(count));
  const a = Uint16Array.from(coin, (value) => (value < 0.5 ? 0 : 1));
  const logits = Float64Array.from(merit, (value, i) => 2 * value + 1.5 * (a[i]! - 0.5));
  const y = Uint16Array.from(logits, (logit, i) => (chance[i]! < 1 / (1 + Math.exp(-logit)) ? 1 : 0));
  const pairs = (value: (i: number) => number) =>
    Float32Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? 0 : value((at - 1) / 2)));
  const f = pairs((i) => logits[i]! - hold * (a[i]! - 0.5) + 0.1 * own[i]!);
  return {
    example: Uint32Array.from({ length: count }, (_, i) => i),
    set: Array.from({ length: count }, (_, i) => sets[Math.floor(i / perSet)]!),
    held: new Array<string>(count).fill(''),
    variables: { [names.target]: y, [names.protected]: a },
    targets: {},
    predictions: {},
    logits: {
      [names.target]: f,
      ...(heads && { [names.protected]: pairs((i) => a[i]! - 0.5 + 0.15 * own[i]!) }),
    },
    context: {
      ...{ variance: {}, levels: {}, held: {} },
      names: { [names.target]: names.levels, [names.protected]: names.groups },
      ...(heads && { beside: [names.protected] }),
    },
  };
}
