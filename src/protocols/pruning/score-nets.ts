import type { JobEvent } from '../../core/events.js';
import { scorePredictions } from '../../evaluation/index.js';
import { sampleSet } from '../../splits/sample.js';
import { createProgress } from '../evaluation/progress.js';
import { tabulate } from '../evaluation/tabulate.js';
import type { Material } from '../prepare.js';
import type { Net, Nets } from './nets.js';
import type { CircuitConfig } from './trained-circuit.js';

export interface ScorerOptions {
  readonly config: CircuitConfig;
  readonly run: string;
  readonly material: Material;
  readonly nets: Nets;
  /** Of every set, at most; null: those of the evaluation. */
  readonly examples: number | null;
  readonly signal: AbortSignal;
  emit(event: JobEvent): void;
}

export interface SetScores {
  readonly set: string;
  /** Examples. */
  readonly n: number;
  /** Mean accuracy over the targets, of every net. */
  readonly values: readonly number[];
}

export interface Scorer {
  /** All sets but `train`. */
  readonly sets: readonly string[];
  /** Accuracy of nets on a fixed sample of sets; of all of them unless told. */
  score(nets: readonly Net[], sets?: readonly string[]): Promise<readonly SetScores[]>;
}

/** The samples are those of the run's evaluation where as many examples are asked for. */
export function createScorer(options: ScorerOptions): Scorer {
  const { config, run, material, nets, signal, emit } = options;
  const { test_examples, seed } = config.evaluation;
  const most = options.examples ?? test_examples;
  const samples = new Map(
    Object.entries(material.split.sets)
      .filter(([set]) => set !== 'train')
      .map(([set, examples]) => [set, sampleSet(examples, most, seed, set)]),
  );
  return {
    sets: [...samples.keys()],
    async score(chosen, sets = [...samples.keys()]) {
      const total = chosen.length * sets.reduce((sum, set) => sum + samples.get(set)!.length, 0);
      const progress = createProgress({ run, signal, emit }, total, 'prune');
      const scores: SetScores[] = [];
      for (const set of sets) {
        const examples = samples.get(set)!;
        const predicted = await nets.predict(chosen, examples, (count) => {
          progress.pass(count);
          progress.tell(0);
        });
        const values = predicted.map((predictions) => {
          const table = tabulate(material, [{ set, examples, predictions }]);
          return scorePredictions(table, ['accuracy']).find(({ group }) => Object.keys(group).length === 0)!
            .value;
        });
        scores.push({ set, n: examples.length, values });
      }
      return scores;
    },
  };
}
