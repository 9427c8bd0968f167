import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { readMetrics } from '../tracking/metrics-log.js';
import type { CommandResult } from './cli.js';
import { listFilesBelow } from './files.js';
import { makeProject, type Project, toy } from './project.js';
import { collectSnapshot, compareSnapshots, type Snapshot } from './snapshot.js';

let finished: Project;
let first: CommandResult;
let expected: Snapshot;

/** A project whose study is done, to be changed. */
const copyFinished = () => makeProject(finished.results, { figures: true });

beforeAll(async () => {
  finished = makeProject(undefined, { figures: true });
  first = await finished.run('experiment', ...toy);
  expected = collectSnapshot(finished.results);
});
function expectOk({ code, stdout, stderr }: CommandResult): string {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const tablesOf = (stdout: string) => stdout.slice(stdout.indexOf('R² by model and split'));
const trainedRuns = ({ results }: Project): readonly RunListing[] =>
  listRuns(results).filter(({ status }) => status?.stages.trained !== undefined);
const read = (path: string) => readFileSync(path, 'utf8');
/** Whatever a process that runs a job would leave. */
const attempts = ({ results }: Project) =>
  listRuns(results).map(({ paths, status }) => [status?.attempts, read(paths.status), read(paths.log)]);

describe('a study', () => {
  it('runs to its end and prints its tables', () => {
    const stdout = expectOk(first);
    expect(stdout).toContain('2 runs and 4 references: model mlp × split random, extrapolation × seed 0');
    expect(stdout).toMatch(/^MLP( +−?\d\.\d{3} ± n\/a){4} +1$/m);
    expect(stdout).toMatch(/^train mean( +−?\d\.\d{3}){4}$/m);
    expect(stdout).toMatch(/^nearest seen \(oracle\) +1\.000 +1\.000 +1\.000 +0\.748$/m);
    expect(stdout).toContain('Test R² by factor and split');
    expect(first.stderr).toContain('6 runs: 6 done, 0 to go');
    expect(listRuns(finished.results).map(({ status }) => [status?.state, status?.attempts])).toEqual(
      Array(6).fill(['done', 1]),
    );
  });

  it('writes tables in five formats and figures in two', () => {
    const tables = ['r2-by-factor', 'r2-by-split', 'r2-by-sub-split'];
    expect(listFilesBelow(join(finished.results, 'tables', 'toy'))).toEqual(
      tables.flatMap((name) => ['csv', 'json', 'md', 'tex', 'txt'].map((format) => `${name}.${format}`)),
    );
    const table = (format: string) => read(join(finished.results, 'tables', 'toy', `r2-by-split.${format}`));
    expect(first.stdout).toContain(table('txt').trim());
    expect(table('md')).toMatch(/^\| *MLP *\|/m);
    expect(table('tex')).toContain('\\begin{tabular}');
    expect(JSON.parse(table('json'))).toBeTypeOf('object');
    expect(table('csv').split('\n').length).toBeGreaterThan(4);

    const figures = join(finished.results, 'figures', 'toy');
    for (const name of ['images-per-split', 'learning-curves', 'predicted-against-true', 'r2-by-split']) {
      expect(read(join(figures, `${name}.svg`))).toMatch(/<svg[\s\S]*<\/svg>\s*$/);
      const png = readFileSync(join(figures, `${name}.png`));
      expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
      expect(png.readUInt32BE(16)).toBeGreaterThan(100);
    }
  });

  it('is not run a second time: the same tables come at once', async () => {
    const before = attempts(finished);
    const second = await finished.run('experiment', ...toy);
    expect(tablesOf(expectOk(second))).toBe(tablesOf(first.stdout));
    expect(second.stderr).toBe('');
    expect(second.stdout).toContain('2 runs and 4 references done before');
    expect(attempts(finished)).toEqual(before);
    expect(compareSnapshots(expected, collectSnapshot(finished.results))).toEqual([]);
  });

  it('of one run is planned by plain values', async () => {
    const words = ['model=mlp', 'split=extrapolation', 'seed=3', 'training.steps=20', '--dry-run'];
    const stdout = expectOk(await finished.run('experiment', 'experiment=held-out-dsprites', ...words));
    expect(stdout).toContain('1 run and 2 references: model mlp × split extrapolation × seed 3');
    expect(stdout.match(/^ {2}[0-9a-f]{10} {2}to do .*$/gm)?.map((line) => line.slice(14).trim())).toEqual([
      'to do        model=mlp split=extrapolation seed=3',
      'to do        model=train_mean split=extrapolation',
      'to do        model=nearest_seen split=extrapolation',
    ]);
  });

  it('with another evaluation is evaluated from its checkpoints, without training', async () => {
    const project = copyFinished();
    const facts = () =>
      trainedRuns(project).map(({ paths, status }) => {
        const [checkpoint, ...others] = listCheckpoints(paths.checkpoints);
        const weights = join(checkpoint!, 'weights.safetensors');
        return [others, status?.stages.trained, statSync(weights).mtimeMs, read(paths.metrics)];
      });
    const before = facts();
    const records = trainedRuns(project).map(({ paths }) => read(paths.record));
    const words = [...toy, 'split=extrapolation', 'evaluation.test_examples=256'];
    const result = await project.run('experiment', ...words);
    expect(expectOk(result)).toContain('3 to do');
    expect(result.stderr).toContain('continues from step 40');
    expect(facts()).toEqual(before);
    expect(
      trainedRuns(project)
        .map(({ status }) => status?.attempts)
        .sort(),
    ).toEqual([1, 2]);
    expect(trainedRuns(project).filter(({ paths }) => !records.includes(read(paths.record)))).toHaveLength(1);
    expectOk(await project.run('experiment', ...toy));
    expect(facts()).toEqual(before);
    expect(trainedRuns(project).map(({ paths }) => read(paths.record))).toEqual(records);
  });

  it('over a learning rate has a row for each', async () => {
    const project = makeProject();
    const stdout = expectOk(
      await project.run(
        'experiment',
        ...toy,
        'split=random',
        'training.steps=10',
        'evaluation.references=[]',
        'training.optimizer.learning_rate=1e-4,2e-3',
      ),
    );
    expect(stdout).toMatch(/^MLP, learning rate=0\.0001 /m);
    expect(stdout).toMatch(/^MLP, learning rate=0\.002 /m);
  });

  it('with debug=overfit learns its batch by heart', async () => {
    const project = makeProject();
    const words = ['debug=overfit', 'model.widths=[64,64]', 'training.optimizer.learning_rate=5e-3'];
    expectOk(await project.run('experiment', ...toy, ...words, 'evaluation.references=[]'));
    const [run] = trainedRuns(project);
    const losses = readMetrics(run!.paths.metrics).filter(({ kind }) => kind === 'train');
    expect(Number(losses[0]?.loss)).toBeGreaterThan(0.01);
    expect(Number(losses.at(-1)?.loss)).toBeLessThan(1e-3);
  });
});

describe('what came of a study', () => {
  it('is evaluated again to the bit, from the checkpoint or from the predictions', async () => {
    const project = copyFinished();
    const [run] = trainedRuns(project);
    const { paths } = run!;
    const kept = [readFileSync(paths.record), readFileSync(paths.predictions)];
    rmSync(paths.predictions);
    rmSync(paths.record);
    const stdout = expectOk(await project.run('experiment', 'evaluate', run!.run.slice(0, 6)));
    expect(stdout).toMatch(/^test +r2 +-?\d\.\d{4} {2}\(n = 128\)$/m);
    expect([readFileSync(paths.record), readFileSync(paths.predictions)]).toEqual(kept);

    writeFileSync(paths.record, JSON.stringify({ ...JSON.parse(read(paths.record)), rows: [] }));
    expectOk(await project.run('experiment', 'evaluate', paths.folder, '--metrics-only'));
    expect([readFileSync(paths.record), readFileSync(paths.predictions)]).toEqual(kept);
    expect(compareSnapshots(expected, collectSnapshot(project.results))).toEqual([]);
  });

  it('is made into tables and figures from its records alone, by name and by alias', async () => {
    const project = copyFinished();
    const { results } = project;
    rmSync(join(results, 'tables'), { recursive: true });
    rmSync(join(results, 'figures'), { recursive: true });
    for (const { paths } of listRuns(results)) rmSync(paths.checkpoints, { recursive: true });
    const byName = expectOk(await project.run('tables', 'toy'));
    expect(byName.trim()).toBe(tablesOf(first.stdout).replace(/\nFigures .*$/, ''));
    expect(expectOk(await project.run('tables', 'little'))).toBe(byName);
    expect(expectOk(await project.run('figures', 'toy'))).toMatch(
      /^Figures {2}results\/figures\/toy\/\{r2-by-split,/,
    );
    const left = new Map([...expected].filter(([path]) => !path.includes('/checkpoints/')));
    expect(compareSnapshots(left, collectSnapshot(results))).toEqual([]);
    // Its weights are needed for nothing else: the study counts as done.
    expect(expectOk(await project.run('experiment', 'status', 'little'))).toContain('toy: 6 done');
  });

  it('is found by the name of its config', async () => {
    const project = copyFinished();
    const command = project.start(
      'experiment',
      '--config',
      'ood.yaml',
      '--progress',
      'jsonl',
      'launcher.jobs=1',
    );
    // At its first event: what is said before may come before signals are heard, and a second one ends it at once.
    let told = false;
    command.stderr.on('data', (text) => {
      if (!told && String(text).includes('"type":')) told = command.kill('SIGTERM');
    });
    expect((await command).exitCode).toBe(130);
    const tables = await project.run('tables', 'ood');
    expect(tables.stdout).toContain('No run is done yet');
    expect(tables.stderr).toMatch(/^32 of 32 runs are not done.*\n {2}→ .* status held-out-dsprites$/m);
    expect(expectOk(await project.run('experiment', 'status', 'ood'))).toMatch(/^held-out-dsprites: .*to do/);
    expect(expectOk(await project.run('tables', 'toy'))).toContain('R² by model and split');
  });

  it('is checked against what was expected', async () => {
    const project = copyFinished();
    const missing = await project.run('experiment', 'check', 'toy');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/experiments\/toy\/expected\.json: this experiment has no expected\.json/);
    const expectation = (claim: string, at_least: number) => ({
      claim,
      source: 'by construction',
      value: { model: 'nearest_seen', split: 'random' },
      at_least,
    });
    const expect_ = (...claims: unknown[]) =>
      project.write('experiments/toy/expected.json', JSON.stringify({ study: 'toy', expectations: claims }));
    expect_(expectation('the oracle reads all', 0.999));
    expect(expectOk(await project.run('experiment', 'check', 'toy'))).toMatch(
      /^holds +the oracle reads all\n +found .*\n +from by construction\n\n1 of 1 hold\.$/,
    );
    expect_(expectation('the oracle reads all', 0.999), expectation('more than all', 1.001));
    const { code, stdout } = await project.run('experiment', 'check', 'little');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fails +more than all$/m);
    project.write('experiments/toy/expected.json', '{"study": "toy"}');
    expect((await project.run('experiment', 'check', 'toy')).stderr).toContain('it is not what check reads');
  });

  it('is cleaned of what nobody needs, on request', async () => {
    const project = copyFinished();
    const { folder } = trainedRuns(project)[0]!.paths;
    const left = join(folder, 'record.json.4194303.tmp');
    writeFileSync(left, 'half');
    const listed = expectOk(await project.run('experiment', 'clean', 'toy'));
    expect(listed).toContain(`half-written file                    ${left}`);
    expect(listed).toContain(
      '1 item, 4 B. Nothing was removed; this removes:\n  npm run experiment -- clean toy --yes',
    );
    expect(read(left)).toBe('half');
    expect(expectOk(await project.run('experiment', 'clean', 'toy', '--yes'))).toContain(
      'Removed 1 of 1 item',
    );
    expect(listFilesBelow(folder)).not.toContain('record.json.4194303.tmp');
    expect(expectOk(await project.run('experiment', 'clean'))).toContain('Nothing to remove');
    expect(compareSnapshots(expected, collectSnapshot(project.results))).toEqual([]);
  });
});
