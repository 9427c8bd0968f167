import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../evaluation/record.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';

const results = temporaryFolder();
const words = [
  ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=4', 'split=sprites-ood'],
  ...['model=neural_interpreter_small', 'model.width=16', 'model.code_width=8', 'model.functions=3'],
  ...['model.iterations=2', 'objective=cross_entropy', 'engine.backend=wasm'],
  ...['training.steps=6', 'training.batch_size=8', 'training.monitor={every: 6, examples: 16}'],
  ...['evaluation.train_examples=16', 'evaluation.test_examples=24', 'evaluation.batch_size=8'],
  ...[`paths.results=${results}`, '--progress', 'plain'],
];
const editing = (more: readonly string[]) => [
  ...['functions', ...more, `paths.results=${results}`, '--progress', 'plain'],
];
const edit = (...more: readonly string[]) => runCommand('experiment', editing(more));
const runsOf = (study: string) =>
  listRuns(results, study).filter(({ status }) => status?.stages.trained !== undefined);
const parametersOf = ({ paths, run }: RunListing) =>
  findLastGoodCheckpoint(paths.checkpoints, run).checkpoint!.state.parameters;
const configOf = ({ paths }: RunListing) => readFileSync(paths.resolved, 'utf8');
const overallOf = ({ paths }: RunListing) =>
  readRecord(paths.record)!.rows.filter(({ group }) => Object.keys(group).length === 0);

let source: RunListing;
beforeAll(async () => {
  const command = await runCommand('experiment', words);
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  source = runsOf('single').find((one) => configOf(one).includes('name: neural_interpreter'))!;
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

it('removes each function of a finished run, and says what each is worth', async () => {
  const command = await edit(source.run);
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const runs = runsOf('single-functions').filter((one) => configOf(one).includes('name: functions'));
  expect(runs).toHaveLength(3);
  const table = command.stdout.slice(command.stdout.indexOf('Functions of run'));
  for (const way of ['without 0', 'without 1', 'without 2', `run ${source.run}`])
    expect(table).toContain(way);
  expect(table).toMatch(/iid +0\.\d{4} +0\.\d{4} \([+−]0\.\d{4}\)/);
  const whole = parametersOf(source);
  for (const run of runs) {
    const parameters = parametersOf(run);
    const codes = parameters['script1/functions/codes']!;
    expect(codes.shape).toEqual([2, 8]);
    const removed = Number(/remove:\n\s+- (\d)/.exec(configOf(run))![1]);
    const kept = [0, 1, 2].filter((place) => place !== removed);
    const rows = kept.flatMap((place) => [
      ...whole['script1/functions/codes']!.data.slice(place * 8, (place + 1) * 8),
    ]);
    expect([...codes.data]).toEqual(rows);
    for (const name of Object.keys(whole).filter((name) => !name.includes('/functions/'))) {
      expect(parameters[name]!.data).toEqual(whole[name]!.data);
    }
  }
  // The study names it, too, as the one interpreter that it has.
  const again = await edit('single');
  expect(again.code).toBe(0);
  expect(again.stderr).not.toContain('starts');
});

it('adds functions and trains them alone', async () => {
  const command = await edit(
    ...[source.run, 'add=2', 'train=added', 'training.steps=3', 'training.optimizer.learning_rate=0.01'],
  );
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  expect(command.stdout).toContain('with 2 more, which alone are trained');
  const run = runsOf('single-functions').find((one) => configOf(one).includes('added: 2'))!;
  expect(run.status!.stages.trained).toBe(3);
  const [before, after] = [parametersOf(source), parametersOf(run)];
  for (const name of Object.keys(before)) expect(after[name]!.data, name).toEqual(before[name]!.data);
  expect(after['script1/added/codes']!.shape).toEqual([2, 8]);

  // What was added is a part of the run now: it can be removed again.
  const removed = await edit(run.run, 'remove=3,4');
  expect({ code: removed.code, stderr: removed.code === 0 ? '' : removed.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const back = runsOf('single-functions-functions')[0]!;
  expect(overallOf(back)).toEqual(overallOf(source));
});

it('makes runs that need the first one no more', async () => {
  const run = runsOf('single-functions').find((one) => configOf(one).includes('name: functions'))!;
  const record = readFileSync(run.paths.record, 'utf8');
  rmSync(source.paths.folder, { recursive: true });
  const command = await runCommand('experiment', ['evaluate', run.run, `paths.results=${results}`]);
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  expect(readFileSync(run.paths.record, 'utf8')).toBe(record);
});

it('says what is wrong, and what to type', async () => {
  const run = runsOf('single-functions').find((one) => configOf(one).includes('added: 2'))!.run;
  const say = async (...more: readonly string[]) => {
    const { code, stderr } = await callCommand('experiment', editing(more));
    return `${code} ${stderr}`;
  };
  expect(await say(run, 'remove=7')).toMatch(/^2 .*there is no function 7: the run has 5, 0 to 4/s);
  expect(await say(run, 'remove=0,1,2,3,4')).toMatch(/^2 .*none would be left/s);
  expect(await say(run, 'train=new')).toMatch(/^2 .*train is one of none, added, all/s);
  expect(await say(run, 'train=added')).toMatch(/^2 .*no function is added/s);
  expect(await say(run, 'add=many')).toMatch(/^2 .*add is a number/s);
  expect(await say('ffff')).toMatch(/^2 .*there is no run 'ffff'/s);
  expect(await say()).toMatch(/^2 .*needs RUN/s);
  const reference = listRuns(results).find((one) => configOf(one).includes('name: majority'))!;
  expect(await say(reference.paths.folder)).toMatch(/^2 .*is of model majority, which has no functions/s);
  const protocol = ['protocol=functions', 'protocol.from=0123456789', 'model=cnn'];
  const wrong = await callCommand('experiment', [...words.slice(0, 4), ...protocol, '--dry-run']);
  expect(wrong.stderr).toContain("'cnn' has no functions to remove or add");
  const pattern = ['training.train_only=[read-in/*]', `study.name=other`];
  const unmatched = await runCommand('experiment', [...words, `+${pattern[0]}`, pattern[1]!]);
  expect(unmatched.code).toBe(1);
  expect(unmatched.stderr).toContain("no parameter is called 'read-in/*'");
  const gone = await runCommand('experiment', [
    ...words,
    ...['protocol=functions', 'protocol.from=0123456789', 'study.name=gone'],
  ]);
  expect(gone.stderr).toContain('there is no run 0123456789');
});
