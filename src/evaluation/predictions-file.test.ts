import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../core/files/files.js';
import { encodePredictions, readPredictions } from './predictions-file.js';
import { nearestSeen, predictGrid } from './testing/grid-predictions.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-predictions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = predictGrid(
  [
    { name: 'shape', levels: 3, held: [] },
    { name: 'scale', levels: 6, held: [4, 5] },
    { name: 'x', levels: 16, held: [13, 14, 15] },
  ],
  (truth, _, seen) => nearestSeen(truth, _, seen) * 0.9 + 0.013,
);

describe('the predictions file', () => {
  it('reads back what it wrote, to the last bit', async () => {
    const path = join(folder, 'predictions.parquet');
    writeFileAtomic(path, await encodePredictions(table));
    expect(await readPredictions(path)).toEqual(table);
  });

  it('reads more rows than a page of a file has', async () => {
    const path = join(folder, 'large.parquet');
    const rows = 300_000;
    const large = {
      ...table,
      example: Uint32Array.from({ length: rows }, (_, at) => at),
      set: Array.from({ length: rows }, () => 'test'),
      held: Array.from({ length: rows }, () => ''),
      variables: { shape: Uint16Array.from({ length: rows }, (_, at) => at % 3) },
      targets: { shape: Float32Array.from({ length: rows }, (_, at) => (at % 3) / 2) },
      predictions: { shape: Float32Array.from({ length: rows }, (_, at) => Math.sin(at)) },
    };
    writeFileAtomic(path, await encodePredictions(large));
    const found = await readPredictions(path);
    expect(found.example.length).toBe(rows);
    expect(found.predictions.shape).toEqual(large.predictions.shape);
  });

  it('keeps the logits of classes, in columns that say whose they are', async () => {
    const path = join(folder, 'classes.parquet');
    const rows = table.example.length;
    const classes = {
      ...table,
      logits: { shape: Float32Array.from({ length: 3 * rows }, (_, at) => Math.sin(at)) },
      context: { ...table.context, names: { shape: ['square', 'ellipse', 'heart'] } },
    };
    writeFileAtomic(path, await encodePredictions(classes));
    expect(await readPredictions(path)).toEqual(classes);
    expect(readFileSync(path).includes('logit_shape_2')).toBe(true);
  });

  it('keeps what probes say beside the predictions', async () => {
    const path = join(folder, 'probed.parquet');
    const sex = Float32Array.from(table.example, (_, at) => (at === 0 ? Number.NaN : Math.cos(at)));
    const probed = { ...table, probes: { sex } };
    const bytes = await encodePredictions(probed);
    writeFileAtomic(path, bytes);
    expect(await readPredictions(path)).toEqual(probed);
    expect(readFileSync(path).includes('probe_sex')).toBe(true);
    expect(await encodePredictions(table)).not.toEqual(bytes);
  });

  it('is byte-identical for the same table', async () => {
    const [first, second] = [join(folder, 'first.parquet'), join(folder, 'second.parquet')];
    writeFileAtomic(first, await encodePredictions(table));
    writeFileAtomic(second, await encodePredictions(table));
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  });

  it('holds a table without rows', async () => {
    const path = join(folder, 'empty.parquet');
    const empty = {
      ...table,
      example: new Uint32Array(),
      set: [],
      held: [],
      variables: { x: new Uint16Array() },
      targets: { x: new Float32Array() },
      predictions: { x: new Float32Array() },
    };
    writeFileAtomic(path, await encodePredictions(empty));
    expect(await readPredictions(path)).toEqual(empty);
  });

  it('says what to type when it is absent', async () => {
    await expect(readPredictions(join(folder, 'none.parquet'), 'a1b2')).rejects.toMatchObject({
      code: 'E_PREDICTIONS_ABSENT',
      place: join(folder, 'none.parquet'),
      hints: ['npm run experiment -- evaluate a1b2'],
    });
  });

  it('notices every truncation and every altered byte of a sample', async () => {
    const path = join(folder, 'whole.parquet');
    writeFileAtomic(path, await encodePredictions(table));
    const bytes = readFileSync(path);
    const damaged = join(folder, 'damaged.parquet');
    for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
      writeFileSync(damaged, bytes.subarray(0, Math.floor(bytes.length * share)));
      await expect(readPredictions(damaged)).rejects.toMatchObject({ code: 'E_PREDICTIONS_CORRUPT' });
    }
    // Bytes of the column data; the footer also holds statistics, which nothing here reads.
    for (const position of [200, 500, 1000, 1500]) {
      const altered = Buffer.from(bytes);
      altered[position]! ^= 0x10;
      writeFileSync(damaged, altered);
      await expect(readPredictions(damaged)).rejects.toMatchObject({ code: 'E_PREDICTIONS_CORRUPT' });
    }
  });
});
