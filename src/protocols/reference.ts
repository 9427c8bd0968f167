import { HeldoutError } from '../core/errors.js';
import { type Answers, nearestSeen, trainMean } from '../splits/references.js';
import { countOutputs, type Head, hasClasses, layOutHeads } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluate } from './evaluation/evaluate.js';
import type { Predictor } from './evaluation/predict.js';
import { announce, type Material, prepareMaterial } from './prepare.js';

/** Evaluates what answers from the training targets alone; nothing is trained, no image is drawn. */
export const reference: Protocol = { run: runReference, evaluate: runReference };

async function runReference(context: JobContext): Promise<JobEnd> {
  const { config, run, dataFolder } = context;
  const material = await prepareMaterial(config, dataFolder);
  run.continueFrom();
  announce(context, material, { tier: 'none' }, 0);
  const answer = createReference(config.model.name, material);
  return { ...(await evaluate(context, material, () => answer)), step: 0 };
}

function createReference(name: string, { dataset, split }: Material): Predictor {
  const { table, targets } = dataset;
  const heads = layOutHeads(table, targets);
  if (name === 'train_mean' || name === 'majority') {
    requireKind(name, heads);
    return createAnswering(table, heads, trainMean(table, split, heads));
  }
  if (name === 'nearest_seen') return createAnswering(table, heads, nearestSeen(table, split, heads));
  throw new HeldoutError({
    code: 'E_REFERENCE_UNKNOWN',
    message: `there is no reference called ${name}`,
    place: 'model.name',
    hints: ['model=train_mean', 'model=nearest_seen', 'protocol=supervised trains a network'],
  });
}

/** Both are the best constant; each has the name that it has in the field. */
const constants = {
  train_mean: { of: 'numbers', other: 'majority' },
  majority: { of: 'classes', other: 'train_mean' },
} as const;

function requireKind(name: keyof typeof constants, heads: readonly Head[]): void {
  const { of, other } = constants[name];
  const wrong = heads.find((head) => hasClasses(head) !== (of === 'classes'));
  if (wrong === undefined) return;
  throw new HeldoutError({
    code: 'E_REFERENCE_TARGETS',
    message: `the reference ${name} is for ${of}, but ${wrong.name} is ${wrong.kind}`,
    place: 'evaluation.references',
    hints: [`model=${other}`, `evaluation.references=[${other}]`],
  });
}

function createAnswering(table: VariableTable, heads: readonly Head[], answers: Answers): Predictor {
  const width = countOutputs(heads);
  return (examples) => {
    const out = new Float32Array(examples.length * width);
    for (const { name, start } of heads) {
      const column = table.column(name);
      examples.forEach((example, row) => {
        out.set(answers[name]![column[example]!]!, row * width + start);
      });
    }
    return out;
  };
}
