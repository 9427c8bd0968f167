import type { ExperimentConfig } from '../../config/schema/root.js';
import { sampleSet } from '../../splits/sample.js';
import type { Split } from '../../splits/split.js';

/** Examples of a set, ascending. */
export interface Sample {
  readonly set: string;
  readonly examples: Uint32Array;
}
export type Samples = readonly Sample[];

/** What is predicted of every set of a split: the same examples for all models and seeds. */
export function sampleSets({ sets }: Split, { evaluation }: ExperimentConfig): Samples {
  const { train_examples, test_examples, seed } = evaluation;
  return Object.entries(sets).map(([set, examples]) => {
    const most = set === 'train' ? train_examples : test_examples;
    return { set, examples: sampleSet(examples, most, seed, set) };
  });
}

/** What was predicted of a set. */
export function examplesOf(samples: Samples, set: string): Uint32Array {
  const found = samples.find((sample) => sample.set === set);
  if (found === undefined) throw new Error(`nothing was predicted of the set ${set}`);
  return found.examples;
}

export function countExamples(samples: Samples): number {
  return samples.reduce((sum, { examples }) => sum + examples.length, 0);
}
