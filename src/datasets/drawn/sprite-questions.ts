import { identify } from '../../core/hash.js';
import { makeGrid } from '../../variables/grid.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { spritesTargets } from './sprites/factors.js';
import { type SpritesConfig, sprites } from './sprites.js';

type Question = (typeof spritesTargets)[number];

export interface SpriteQuestionsConfig extends SpritesConfig {
  /** What is asked for, all five unless given. */
  readonly questions?: readonly Question[] | undefined;
}

/**
 * Sprites with a question each: every image once for every factor that is asked for. Beside `image` an example has
 * `condition` `[1, questions]`, a token that names the factor; the one target, `answer`, is the level of that factor. So
 * what is to be told of an image depends on what is asked.
 */
export const spriteQuestions = {
  table: (config: SpriteQuestionsConfig) => ask(sprites.table(config), questionsOf(config)),
  open: async (config: SpriteQuestionsConfig) =>
    addQuestions(await sprites.open(config), questionsOf(config)),
} satisfies DatasetSource<SpriteQuestionsConfig>;

function addQuestions(images: Dataset, questions: readonly Question[]): Dataset {
  const count = questions.length;
  const imagesOf = (examples: ArrayLike<number>) =>
    Array.from(examples, (example) => Math.floor(example / count));
  const fillConditions = (examples: ArrayLike<number>, out: Float32Array | Uint8Array) => {
    out.fill(0, 0, examples.length * count);
    for (let i = 0; i < examples.length; i++) out[i * count + (examples[i]! % count)] = 1;
  };
  return {
    name: 'sprite_questions',
    table: ask(images.table, questions),
    inputs: { image: images.inputs.image!, condition: [1, count] },
    targets: [{ name: 'answer', kind: 'categorical' }],
    fingerprint: identify({ dataset: 'sprite_questions', images: images.fingerprint, questions }, 16),
    fill(input, examples, out) {
      if (input === 'condition') fillConditions(examples, out);
      else images.fill(input, imagesOf(examples), out);
    },
    stored(input) {
      if (input === 'condition') return { values: bytes, inMemory: true, read: fillConditions };
      const stored = images.stored?.(input);
      if (stored === undefined || !('values' in stored)) return stored;
      return { ...stored, read: (examples, out) => stored.read(imagesOf(examples), out) };
    },
  };
}

/** What a byte of a condition stands for: itself. */
const bytes = Float32Array.from({ length: 256 }, (_, byte) => byte);

function questionsOf({ questions = spritesTargets }: SpriteQuestionsConfig): readonly Question[] {
  return questions;
}

/** The table with every example once for each question, the question fastest, and its answer as a column. */
function ask(images: VariableTable, questions: readonly Question[]): VariableTable {
  const question: Variable = { name: 'question', kind: 'categorical', levels: questions };
  const grid = makeGrid([...images.variables, question]);
  const most = Math.max(...questions.map((name) => images.variable(name).levels.length));
  const answer: Variable = {
    name: 'answer',
    kind: 'categorical',
    levels: Array.from({ length: most }, (_, level) => level),
  };
  const isAnswer = (name: string) => name === answer.name;
  let column: Uint16Array | undefined;
  return {
    size: grid.size,
    variables: [...grid.variables, answer],
    variable: (name) => (isAnswer(name) ? answer : grid.variable(name)),
    column(name) {
      if (!isAnswer(name)) return grid.column(name);
      if (column === undefined) {
        const truths = questions.map((factor) => images.column(factor));
        column = new Uint16Array(grid.size);
        for (let example = 0; example < grid.size; example++) {
          column[example] = truths[example % questions.length]![Math.floor(example / questions.length)]!;
        }
      }
      return column;
    },
  };
}
