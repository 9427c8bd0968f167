import type { PredictionsTable } from '../../predictions.js';
import type { Person } from './people.js';

/** A table of people in the set `test`, with a binary target `income`, protected `sex`, and `race`: everyone's place, by turns. */
export function tabulatePeople(people: readonly Person[], set = 'test'): PredictionsTable {
  const logit = (score: number) => Math.log(score / (1 - score));
  return {
    example: Uint32Array.from(people, (_, row) => row),
    set: people.map(() => set),
    held: people.map(() => ''),
    variables: {
      income: Uint16Array.from(people, ([, truth]) => truth),
      sex: Uint16Array.from(people, ([group]) => group),
      race: Uint16Array.from(people, (_, row) => row % 2),
    },
    targets: {},
    predictions: {},
    logits: { income: Float32Array.from(people.flatMap(([, , score]) => [0, logit(score)])) },
    context: {
      variance: {},
      levels: {},
      names: { income: ['<=50K', '>50K'], sex: ['Female', 'Male'], race: ['Black', 'White'] },
      held: {},
    },
  };
}
