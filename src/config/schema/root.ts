import * as z from 'zod';
import { autoOrCount, whole } from './fields.js';
import { definitionOf, unwrap } from './inspect.js';
import { datasetSchema } from './sections/dataset.js';
import { domainBedSchema } from './sections/domainbed.js';
import { evaluationSchema, GROUP_METRICS } from './sections/evaluation.js';
import { engineSchema, launcherSchema, sweepSchema } from './sections/execution.js';
import { FITTED_MODELS, modelSchema, REFERENCE_MODELS } from './sections/models.js';
import { checkNac } from './sections/nac.js';
import { objectiveSchema } from './sections/objective.js';
import { protocolSchema } from './sections/protocol.js';
import { splitSchema } from './sections/split.js';
import { studySchema } from './sections/study.js';
import { trainingSchema } from './sections/training.js';
import { checkTwice } from './sections/twice.js';

/** The whole config of one job. Sections whose defaults need no choice are filled in when absent. */
export const configSchema = z.strictObject({
  study: studySchema.prefault({}),
  mode: z
    .enum(['run', 'multirun'])
    .default('run')
    .describe('run: one job; multirun: one for each point of the sweep'),
  seed: whole(0, 0xffffffff).default(0).describe('root of every random draw of the run'),
  dataset: datasetSchema,
  split: splitSchema,
  model: modelSchema,
  objective: objectiveSchema.prefault({ name: 'squared_error' }),
  protocol: protocolSchema.prefault({ name: 'supervised' }),
  training: trainingSchema.prefault({}),
  domainbed: domainBedSchema.optional(),
  evaluation: evaluationSchema.prefault({}),
  engine: engineSchema.prefault({}),
  replicas: autoOrCount(1).describe(
    'runs of a sweep that one process trains together; auto: what a trial finds fastest of 1, 4 and 16; 4 without one',
  ),
  launcher: launcherSchema.prefault({ name: 'local' }),
  sweep: sweepSchema.prefault({}),
  paths: z
    .strictObject({
      data: z.string().min(1).default('data').describe('folder of the datasets'),
      results: z.string().min(1).default('results').describe('folder of runs, tables and figures'),
    })
    .prefault({})
    .describe('folders, from the project when relative'),
});

export type ExperimentConfig = DeepReadonly<z.infer<typeof configSchema>>;

type DeepReadonly<Value> = Value extends [number, number]
  ? readonly [number, number]
  : Value extends (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value;

/** Whether a group's options exclude each other: they say which by `name` or `rule`. */
export function isAlternative(group: string): boolean {
  let schema: z.ZodType | undefined = configSchema;
  for (const key of group.split('/')) schema = schema && definitionOf(unwrap(schema)).shape?.[key];
  return schema !== undefined && definitionOf(unwrap(schema)).discriminator !== undefined;
}

/** What is measured of networks alone. Probes are not among them: a study that has them may fit models beside its networks. */
const ofNetworks = [
  'adaptation',
  'attacks',
  'corruptions',
  'ood_detection',
  'shift',
  'generalisation',
] as const;

/** What no single section can check. Returns a key and what is wrong with it. */
export function checkTogether(
  config: ExperimentConfig,
): readonly { path: string[]; message: string; hint: string }[] {
  const problems: { path: string[]; message: string; hint: string }[] = [];
  const trained = !(REFERENCE_MODELS as readonly string[]).includes(config.model.name);
  if (!trained && config.protocol.name !== 'reference') {
    const message = `'${config.model.name}' is a reference: it cannot be trained`;
    problems.push({ path: ['protocol', 'name'], message, hint: 'type protocol=reference' });
  }
  if (trained && config.protocol.name === 'reference') {
    const message = `the protocol 'reference' evaluates ${REFERENCE_MODELS.join(' or ')}, not '${config.model.name}'`;
    problems.push({ path: ['protocol', 'name'], message, hint: 'type protocol=supervised' });
  }
  const fitted = (FITTED_MODELS as readonly string[]).includes(config.model.name);
  if (trained && config.protocol.name !== 'reference' && fitted !== (config.protocol.name === 'fitted')) {
    const message = fitted
      ? `'${config.model.name}' is no network: the protocol '${config.protocol.name}' cannot take it`
      : `the protocol 'fitted' is for ${FITTED_MODELS.join(' or ')}, not '${config.model.name}'`;
    const hint = `type protocol=${fitted ? 'fitted' : 'supervised'}`;
    problems.push({ path: ['protocol', 'name'], message, hint });
  }
  if (config.protocol.name === 'pruned' && config.model.name !== 'nac') {
    const message = `only circuits have processors to prune, not '${config.model.name}'`;
    problems.push({ path: ['model', 'name'], message, hint: 'type model=nac' });
  }
  if (config.protocol.name === 'functions' && config.model.name !== 'neural_interpreter') {
    const message = `the protocol 'functions' is for model=neural_interpreter: '${config.model.name}' has no functions to remove or add`;
    problems.push({ path: ['protocol', 'name'], message, hint: 'type protocol=supervised' });
  }
  if (config.protocol.name === 'merged' && config.objective.name === 'two_heads') {
    const message = "what the protocol 'merged' makes has one head, and 'two_heads' asks for two";
    problems.push({ path: ['objective', 'name'], message, hint: 'type objective=cross_entropy' });
  }
  problems.push(...checkTwice(config));
  if (config.model.name === 'nac') problems.push(...checkNac(config.model));
  if (config.model.name === 'vit' && config.model.width % config.model.heads !== 0) {
    const message = `${config.model.heads} heads do not divide a width of ${config.model.width}`;
    const hint = 'type a number of heads that divides model.width';
    problems.push({ path: ['model', 'heads'], message, hint });
  }
  const { protocol, split } = config;
  const hasValidation =
    (split.rule === 'statement' && 'validation' in split.sets) ||
    (split.rule === 'stratified' && 'validation' in split.shares);
  if (protocol.name === 'adapt' && protocol.rates.length > 0 && !hasValidation) {
    const message = "learning rates are chosen on the set 'validation', which the split has not";
    const hint = "type '+split.sets.validation={of: train, share: 0.1}', or protocol.rates=[]";
    problems.push({ path: ['protocol', 'rates'], message, hint });
  }
  const ofGroups = config.evaluation.metrics.find((name) =>
    (GROUP_METRICS as readonly string[]).includes(name),
  );
  if (ofGroups !== undefined && config.evaluation.protected === undefined) {
    const message = `'${ofGroups}' compares groups, and no variable is named that makes them`;
    problems.push({ path: ['evaluation', 'metrics'], message, hint: "type '+evaluation.protected=[sex]'" });
  }
  const { groups, protected: guarded, metrics } = config.evaluation;
  if (metrics.includes('group_disparity') && groups === undefined && guarded === undefined) {
    const message = "'group_disparity' compares groups, and no variables are named that make them";
    const hint = "type '+evaluation.groups=[[VARIABLE]]', or '+evaluation.protected=[VARIABLE]'";
    problems.push({ path: ['evaluation', 'metrics'], message, hint });
  }
  const beside = (
    ['attacks', 'corruptions', 'ood_detection', 'generalisation', 'shift', 'probes'] as const
  ).find((name) => config.evaluation[name] !== undefined);
  if (config.evaluation.adaptation !== undefined && beside !== undefined) {
    const message = `evaluation.${beside} looks at the network as it was trained, not as it is adapted to a set`;
    const hint = `type ~evaluation.${beside} to evaluate it adapted`;
    problems.push({ path: ['evaluation', 'adaptation'], message, hint });
  }
  if (config.protocol.name === 'fitted' || config.protocol.name === 'reference') {
    for (const name of ofNetworks.filter((one) => config.evaluation[one] !== undefined)) {
      const message = `evaluation.${name} needs a network, which '${config.model.name}' is not`;
      problems.push({ path: ['evaluation', name], message, hint: `type ~evaluation.${name}` });
    }
  }
  const { optimizer, augment, batch_size } = config.training;
  if (augment?.mix != null && config.objective.name !== 'cross_entropy') {
    const message = `mixed images have mixed classes, which '${config.objective.name}' cannot take`;
    const hint = 'type objective=cross_entropy, or training.augment.mix=null';
    problems.push({ path: ['training', 'augment', 'mix'], message, hint });
  }
  if (augment !== undefined && batch_size % augment.repeats !== 0) {
    const message = `a batch of ${batch_size} cannot have every example ${augment.repeats} times`;
    const hint = `type training.batch_size=${augment.repeats * Math.ceil(batch_size / augment.repeats)}`;
    problems.push({ path: ['training', 'augment', 'repeats'], message, hint });
  }
  if (optimizer.name === 'sgd' && optimizer.nesterov && optimizer.momentum === 0) {
    const message = 'Nesterov looks ahead along the momentum, and there is none';
    const hint = 'type training.optimizer.momentum=0.9';
    problems.push({ path: ['training', 'optimizer', 'nesterov'], message, hint });
  }
  return problems;
}
