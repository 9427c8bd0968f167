import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rowsInput } from '../../../engine/resident.js';
import { prepareMaterial } from '../../prepare.js';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { writeTable } from '../../testing/table.js';
import { createEntrance, describeResident, drawBatches } from './resident.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-resident-'));
process.env.HELDOUT_CACHE = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dataset = writeTable(folder);

const configure = (seed: number, training: object = {}) =>
  smallConfig({
    dataset,
    seed,
    split: { rule: 'stratified', shares: { train: 0.6, test: 0.4 }, seed },
    objective: { name: 'fair', strength: 1 },
    training: { ...smallTraining, stratify: true, ...training },
  });

describe('a table as it stays on the device', () => {
  it('has in its rows what batches have, standardised on the training set of the split', async () => {
    const keys = new Set<string>();
    for (const seed of [0, 1]) {
      const config = configure(seed);
      const material = await prepareMaterial(config, folder);
      const { key, examples, arrays } = describeResident(material, config)!;
      keys.add(key);
      expect([examples, Object.keys(arrays).sort()]).toEqual([
        material.split.sets.train.length,
        ['features', 'protected', 'target'],
      ]);
      const [fed, chosen] = [false, true].map((asRows) => createEntrance(material, config, asRows));
      const batches = drawBatches(material, config);
      for (const step of [0, 3, 9]) {
        const rows = chosen!(batches(step), step)[rowsInput]!.data;
        for (const [name, { data }] of Object.entries(fed!(batches(step), step))) {
          const found = [...rows].flatMap((row) => [...arrays[name]!.read(row, 1)]);
          expect(found, name).toEqual([...data]);
        }
      }
    }
    expect(keys.size).toBe(2);
  });

  it('is one for runs that differ in numbers and in what they draw', async () => {
    const material = await prepareMaterial(configure(0), folder);
    const [one, other] = [configure(0), { ...configure(0, { steps: 7 }), seed: 5 }];
    expect(describeResident(material, one)!.key).toBe(describeResident(material, other)!.key);
  });
});
