import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../evaluation/record.js';
import { stream } from '../random/stream.js';
import { decodeSafetensors } from '../runs/checkpoints/safetensors.js';
import { runPaths } from '../runs/folder.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';

const results = temporaryFolder();
const there = [`paths.results=${results}`, '--progress', 'none'];
const run = (...words: readonly string[]) => runCommand('experiment', [...words, ...there]);
const call = (...words: readonly string[]) => callCommand('experiment', [...words, ...there]);
let [heads, fair]: (RunListing | undefined)[] = [];
let study = '';

function expectEnd({ code, stdout, stderr }: CommandResult, wanted: number): string {
  expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' });
  expect(stdout + stderr).not.toMatch(/internal error|^ +at /m);
  return wanted === 0 ? stdout : stderr;
}

/** Applicants whose marks are better, and whose looks are other, in group b. */
function writePeople(): string {
  const source = stream(0, 'applicants');
  const draw = () => ((source.next() >>> 8) / 0x1000000 + (source.next() >>> 8) / 0x1000000) * 2 - 2;
  const lines = Array.from({ length: 600 }, (_, person) => {
    const group = person % 2;
    const marks = draw() + 0.8 * group;
    const looks = draw() + 1.5 * group;
    return [
      marks.toFixed(3),
      looks.toFixed(3),
      marks + 0.5 * draw() > 0.4 ? 'yes' : 'no',
      'ab'[group],
    ].join();
  });
  const file = join(results, 'people.csv');
  writeFileSync(file, ['marks,looks,hired,sex', ...lines].join('\n'));
  return file;
}

beforeAll(async () => {
  const shared = [
    ...['dataset=csv', `dataset.file=${writePeople()}`, 'dataset.target=hired', 'dataset.protected=sex'],
    ...['split=stratified', 'model=mlp', 'model.widths=[8]', 'evaluation=classification'],
    ...['training.steps=120', 'training.batch_size=64', 'training.optimizer.learning_rate=0.02'],
    ...['training.monitor={every: 120, examples: 32}', 'engine.backend=wasm'],
  ];
  expectEnd(await run(...shared, '-m', 'objective=two_heads,fair'), 0);
  const runs = listRuns(results).filter(({ status }) => status?.stages.trained === 120);
  const find = (name: string) =>
    runs.find(({ paths }) => readFileSync(paths.resolved, 'utf8').includes(`objective:\n  name: ${name}\n`));
  [heads, fair] = [find('two_heads'), find('fair')];
  const plans = JSON.parse(expectEnd(await call('status', '--json'), 0)) as { plan: string }[];
  study = plans[0]!.plan;
}, 120_000);
afterAll(() => rmSync(results, { recursive: true, force: true }));

it('makes a run with one head, which decides as the sum of both and which every command takes', async () => {
  const shown = expectEnd(await run('merge', heads!.run, 'within=0.1'), 0);
  expect(shown).toMatch(/sex: a, b.*\|DDP\| at most 0\.1/);
  expect(shown).toMatch(/Decides hired = yes where f − [\d.]+ g [+−] [\d.]+ > 0/);
  expect(shown).toMatch(/f must be above [\d.−]+ for who looks like b, and above −?[\d.]+ for a/);
  const [, gap] = /^ +DDP, b minus a +\S+ +\S+ +(\S+)$/m.exec(shown)!;
  expect(Math.abs(Number(gap!.replace('−', '-')))).toBeLessThanOrEqual(0.1);
  expect([...shown.matchAll(/^ +decided otherwise than by the sum +(\d+)$/gm)].map(([, n]) => n)).toEqual([
    '0',
    '0',
  ]);
  const [, difference] = /^Largest difference of a logit +(\S+)$/m.exec(shown)!;
  expect(Number(difference)).toBeLessThan(1e-4);

  const [, folder] = /^Run +(\S+)$/m.exec(shown)!;
  const [, weights] = /^Weights +(\S+)$/m.exec(shown)!;
  const { arrays } = decodeSafetensors(readFileSync(weights!), weights!);
  expect(Object.entries(arrays).map(([name, { shape }]) => [name, shape])).toEqual([
    ['dense1/bias', [8]],
    ['dense1/kernel', [2, 8]],
    ['read-out/bias', [1]],
    ['read-out/kernel', [8, 1]],
  ]);
  const { record } = runPaths(folder!);
  const before = readRecord(record)!;
  const accuracy = before.rows.find(({ set, metric }) => set === 'test' && metric === 'accuracy')!;
  const accuracies = [...shown.matchAll(/^ +accuracy +\S+ +\S+ +(\S+)$/gm)].map(([, value]) => Number(value));
  expect(accuracies[1]).toBeCloseTo(accuracy.value, 4);
  expectEnd(await run('evaluate', folder!), 0);
  expect(readRecord(record)).toEqual(before);
  expect(expectEnd(await call('merge', folder!, 'within=0.1'), 2)).toContain('is merged already');
}, 120_000);

it('merges all two-headed runs of a study', async () => {
  const shown = expectEnd(await run('merge', study, 'within=0.1'), 0);
  expect(shown.match(/^Heads of run/gm)).toHaveLength(1);
  expect(shown).toContain(heads!.run);
}, 60_000);

it('refuses what it cannot do, and says what to type', async () => {
  const { run: id, paths } = heads!;
  const cases: readonly (readonly [words: readonly string[], code: number, message: string, hint: string])[] =
    [
      [[id], 2, 'how large may the gap', '→ type within=0.05'],
      [
        [fair!.run, 'within=0.1'],
        2,
        'trained with objective=fair, so it has no second head',
        'objective=two_heads',
      ],
      [[id, 'within=0.1', 'training.steps=3'], 2, "'training.steps' has no effect", 'options of merge'],
      [
        [id, 'within=0.05', 'certify=0.95'],
        1,
        'can be certified with 95 % confidence',
        '→ ask for less: within=',
      ],
    ];
  for (const [words, code, message, hint] of cases) {
    const refusal = expectEnd(await call('merge', ...words), code);
    expect(refusal).toContain(message);
    expect(refusal).toContain(hint);
  }
  const status = readFileSync(paths.status, 'utf8');
  writeFileSync(paths.status, status.replace('"done"', '"interrupted"'));
  const unfinished = expectEnd(await call('merge', id, 'within=0.1'), 2);
  writeFileSync(paths.status, status);
  expect(unfinished).toContain(`run ${id} is interrupted, so its heads are not trained yet`);
}, 120_000);
