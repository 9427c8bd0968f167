import { expect, it } from 'vitest';
import { preparePeople } from '../testing/people.js';
import { readBatches } from './predict.js';

const { dataset } = preparePeople({ size: 20, groups: 3 });
const groups = dataset.table.column('group');

/** Sums over a batch, beside what is read of each row. */
async function sumUp(examples: Uint32Array, apart?: ArrayLike<number>) {
  const [name, [width = 0]] = Object.entries(dataset.inputs)[0] as [string, readonly number[]];
  const first = (batch: Record<string, { data: ArrayLike<number> }>, row: number) =>
    batch[name]!.data[row * width]!;
  const predict = readBatches({ dataset, batchSize: 4, apart }, (batch) => {
    const rows = [0, 1, 2, 3].map((row) => first(batch as never, row));
    const total = rows.reduce((sum, value) => sum + value, 0);
    return rows.flatMap((value) => [value, total]);
  });
  return predict(examples);
}

function firstOf(example: number): number {
  const [name, [width = 0]] = Object.entries(dataset.inputs)[0] as [string, readonly number[]];
  const row = new Float32Array(width);
  dataset.fill(name, Uint32Array.of(example), row);
  return row[0]!;
}

it('gives each example what was read of its row, whatever stood around it', async () => {
  const examples = Uint32Array.of(7, 3, 11, 0, 5, 19);
  for (const found of [await sumUp(examples), await sumUp(examples, groups)]) {
    expect(Array.from(examples, (_, at) => found[2 * at])).toEqual(Array.from(examples, firstOf));
  }
});

it('fills up batches with examples of the same number alone', async () => {
  const examples = Uint32Array.from({ length: 20 }, (_, at) => at);
  const found = await sumUp(examples, groups);
  const own = [...examples].filter((example) => groups[example] === 2);
  const batch = own.slice(-(own.length % 4 || 4));
  const filled = [...batch, ...own.slice(0, 4 - batch.length)];
  const total = filled.reduce((sum, example) => sum + firstOf(example), 0);
  expect(found[2 * own.at(-1)! + 1]).toBeCloseTo(total, 5);
});
