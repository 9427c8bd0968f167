import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFacts } from '../evaluation/circuits/facts.js';
import { imagesPerSecond, prunedAccuracy, readPruning } from '../evaluation/circuits/pruning.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { readRecord } from '../evaluation/record.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { decodeSafetensors } from '../runs/checkpoints/safetensors.js';
import { runPaths } from '../runs/folder.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';

const results = temporaryFolder();
const there = [`paths.results=${results}`, '--progress', 'none'];
const sets = ['validation', 'iid', 'ood_c', 'outline', 'texture', 'stripes', 'mix'];
const processors = 6;
const run = (...words: readonly string[]) => runCommand('experiment', [...words, ...there]);
const refuse = async (...words: readonly string[]) =>
  expectEnd(await callCommand('experiment', [...words, ...there]), 2);
/** A linked circuit and one whose modules hear all others, from a study with a CNN. */
let [linked, open, cnn]: (RunListing | undefined)[] = [];
let study = '';

function expectEnd({ code, stdout, stderr }: CommandResult, wanted: number): string {
  expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' });
  expect(stdout + stderr).not.toMatch(/internal error|^ +at /m);
  return wanted === 0 ? stdout : stderr;
}

const train = (...words: readonly string[]) =>
  run(
    ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=4', 'split=sprites-ood'],
    ...['objective=cross_entropy', 'training.steps=6', 'training.batch_size=16', 'training.monitor.every=6'],
    ...['evaluation.train_examples=32', 'evaluation.test_examples=48', 'evaluation.batch_size=16'],
    ...words,
  );
const circuit = [
  ...['model=nac', `model.processors=${processors}`, 'model.width=8', 'model.heads=2', 'model.layers=1'],
  ...['model.read_outs=2', 'model.signature_width=4'],
];
const overall = (rows: readonly RecordRow[] | undefined, set: string, metric = 'accuracy') =>
  rows?.find((row) => row.set === set && row.metric === metric && Object.keys(row.group).length === 0)?.value;

beforeAll(async () => {
  expectEnd(await train(...circuit, '-m', 'model.links.by=sampled_signatures,none'), 0);
  expectEnd(await train('model=cnn'), 0);
  const config = ({ paths }: RunListing) => readFileSync(paths.resolved, 'utf8');
  const runs = listRuns(results).filter(({ status }) => status?.stages.trained === 6);
  linked = runs.find((one) => config(one).includes('by: sampled_signatures'));
  open = runs.find((one) => config(one).includes('by: none'));
  cnn = runs.find((one) => config(one).includes('name: cnn'));
  const plans = JSON.parse(expectEnd(await callCommand('experiment', ['status', '--json', ...there]), 0)) as {
    plan: string;
    jobs: { run: string }[];
  }[];
  study = plans.find(({ jobs }) => jobs.some((job) => job.run === linked!.run))!.plan;
}, 180_000);
afterAll(() => rmSync(results, { recursive: true, force: true }));

describe('prune RUN', () => {
  it('makes a run of what is left, which every command takes, with the accuracy that it shows', async () => {
    const words = ['prune', linked!.run, 'keep=0.5', 'order=degree,random'];
    const shown = expectEnd(await run(...words), 0);
    for (const set of sets) expect(shown).toContain(set);
    expect(shown).toMatch(/^ +whole +6 +100 % +\d+ +1\.00x/m);
    expect(shown).toMatch(/^ +degree +3 +50 %/m);
    expect(shown).toMatch(/^ +random +3 +50 % .* ± /m);
    const [, folder] = /^Run +(\S+) +\(3 of 6 processors, degree\)$/m.exec(shown) ?? [];
    const paths = runPaths(folder!);
    expect(readFileSync(paths.resolved, 'utf8')).toMatch(/processors: 3$/m);

    const before = readRecord(paths.record)!;
    expect(before.labels).toMatchObject({ protocol: 'pruned' });
    const line = shown.split('\n').find((one) => /^ +degree +3 /.test(one))!;
    expect(line).toContain(` ${overall(before.rows, 'ood_c')!.toFixed(3)} `);
    expectEnd(await run('evaluate', folder!), 0);
    expect(readRecord(paths.record)).toEqual(before);

    // Nothing but rows of processors differs from the whole circuit.
    const weightsOf = (checkpoints: string) => {
      const file = join(listCheckpoints(checkpoints).at(-1)!, 'weights.safetensors');
      return decodeSafetensors(readFileSync(file), file).arrays;
    };
    const [whole, kept] = [weightsOf(linked!.paths.checkpoints), weightsOf(paths.checkpoints)];
    expect(Object.keys(kept)).toEqual(Object.keys(whole));
    for (const [name, { shape, data }] of Object.entries(kept)) {
      if (!name.startsWith('design/processors/')) expect(data, name).toEqual(whole[name]!.data);
      else expect(shape).toEqual([3, whole[name]!.shape[1]]);
    }
  }, 180_000);

  it('chooses a size on validation alone', async () => {
    const shown = expectEnd(await run('prune', linked!.run, 'keep=auto', 'lose=0.9'), 0);
    expect(shown).toMatch(/^ +degree +1 +17 %/m);
    expect(shown).toContain('no other set was looked at');
  }, 120_000);

  it('refuses what it cannot do, and says what to type', async () => {
    const id = linked!.run;
    const cases: readonly (readonly [words: readonly string[], message: string, hint: string])[] = [
      [[id, 'keep=0'], 'no processor of the 6 would be left', '→ type keep=1'],
      [[id, 'keep=7'], 'there are only 6 processors', '→ type keep=6'],
      [[id], 'how many of the 6 processors stay?', `prune ${id} keep=0.2`],
      [[open!.run, 'keep=2', 'order=degree'], 'every module hears all others', 'order=random'],
      [[cnn!.run, 'keep=2'], 'the model cnn, which is no circuit', 'model=nac'],
      [[id, 'keep=2', 'training.steps=3'], "'training.steps' has no effect", 'options of prune'],
    ];
    for (const [words, message, hint] of cases) {
      const refusal = await refuse('prune', ...words);
      expect(refusal).toContain(message);
      expect(refusal).toContain(hint);
    }
  }, 60_000);

  it('refuses a run that is not finished, or has lost its checkpoint', async () => {
    const { paths, run: id } = linked!;
    const status = readFileSync(paths.status, 'utf8');
    writeFileSync(paths.status, status.replace('"done"', '"interrupted"'));
    const unfinished = await refuse('prune', id, 'keep=2');
    writeFileSync(paths.status, status);
    expect(unfinished).toContain(`run ${id} is interrupted`);
    expect(unfinished).toContain('run the command that started it again');

    renameSync(paths.checkpoints, `${paths.checkpoints}.away`);
    const lost = expectEnd(await run('prune', id, 'keep=2'), 2);
    renameSync(`${paths.checkpoints}.away`, paths.checkpoints);
    expect(lost).toContain(`run ${id} has no good checkpoint`);
  }, 60_000);
});

describe('a study of circuits', () => {
  const figures = (...names: readonly string[]) =>
    runCommand('figures', [study, ...names, `paths.results=${results}`]);

  it('says what its figures lack', async () => {
    const { code, stderr } = await figures('pruning-curves', 'hub-attention');
    expect(code).toBe(0);
    expect(stderr).toContain(`for pruning-curves: npm run experiment -- prune ${study}`);
    expect(stderr).toContain(`for hub-attention: npm run experiment -- circuit ${study}`);
  }, 60_000);

  it('has its pruning curves measured once, as rows of a record', async () => {
    const words = ['prune', study, 'keep=0.5,0.2', 'examples=32'];
    const shown = expectEnd(await run(...words), 0);
    expect(shown).toContain('Accuracy of pruned circuits by share of processors on sprites');
    expect(shown).toMatch(/^ *\S.*area +n$/m);
    const { rows, labels } = readPruning(linked!.paths.pruning, linked!.run)!;
    expect(labels).toMatchObject({ batch: '16' });
    const accuracies = rows.filter(({ metric }) => metric === prunedAccuracy);
    // The whole one, and at two sizes by degree, with hubs first, and eight draws.
    expect(accuracies).toHaveLength(sets.length * (1 + 2 * (1 + 1 + 8)));
    expect(accuracies.every(({ n }) => n === 32)).toBe(true);
    expect(rows.filter(({ metric }) => metric === imagesPerSecond).every(({ value }) => value > 0)).toBe(
      true,
    );
    const ofOpen = readPruning(open!.paths.pruning, open!.run)!.rows;
    expect(new Set(ofOpen.map(({ group }) => group.order ?? ''))).toEqual(new Set(['whole', 'random', '']));

    const { mtimeMs } = statSync(linked!.paths.pruning);
    expectEnd(await run(...words), 0);
    expect(statSync(linked!.paths.pruning).mtimeMs).toBe(mtimeMs);
  }, 180_000);

  it('has its circuits looked at once, with a page on each', async () => {
    const shown = expectEnd(await run('circuit', study), 0);
    const pages = [...shown.matchAll(/^Page +(\S+)$/gm)].map(([, path]) => path!);
    expect(pages).toHaveLength(2);
    const facts = readFacts(linked!.paths.circuit, linked!.run)!;
    expect(facts).toMatchObject({ processors, grid: [4, 4], set: 'iid' });
    expect(facts.links!.after.degrees).toHaveLength(processors);
    expect(facts.links!.before!.probabilities[2]![2]).toBe(1);
    expect(facts.centroids.flat().every((share) => share > 0 && share < 1)).toBe(true);
    expect(readFacts(open!.paths.circuit, open!.run)!.links).toBeNull();
    const page = pages.find((path) => path.includes(linked!.run))!;
    expect(readFileSync(page, 'utf8')).toContain(`Circuit of run ${linked!.run}`);

    const { mtimeMs } = statSync(linked!.paths.circuit);
    expectEnd(await run('circuit', linked!.run), 0);
    expect(statSync(linked!.paths.circuit).mtimeMs).toBe(mtimeMs);
  }, 120_000);

  it('has figures of all that without TensorFlow', async () => {
    const { code, stdout, stderr } = await figures();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const kinds = [
      'accuracy-by-set',
      'link-probabilities',
      'circuit-graph',
      'degree-distribution',
      'hub-attention',
      'pruning-curves',
    ];
    for (const name of kinds) {
      expect(stdout).toContain(name);
      expect(existsSync(join(results, 'figures', study, `${name}.png`)), name).toBe(true);
    }
    const curves = readFileSync(join(results, 'figures', study, 'pruning-curves.svg'), 'utf8');
    expect(curves).toContain('images per second');
  }, 60_000);
});
