import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HeldoutError } from '../../../core/errors.js';
import type { DomainRecord } from '../../../selection/index.js';
import { readSweep, sweepFolder, writeSweep } from '../testing/vlcs-sweep.js';
import { exactValues } from './exact-values.js';
import { readJobs, readRecords } from './read-jobs.js';
import { encodeRecord } from './write-job.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-domainbed-'));
  folders.push(folder);
  return folder;
}
function refusal(act: () => unknown): HeldoutError {
  try {
    act();
  } catch (error) {
    if (error instanceof HeldoutError) return error;
  }
  throw new Error('nothing was refused');
}

// From domainbed/misc/test_sweep_data/0657090f9a83ff76efe083a104fde93a/results.jsonl of DomainBed (MIT licence).
const args =
  '{"algorithm": "ERM", "checkpoint_freq": null, "data_dir": "/checkpoint/dlp/datasets_new", "dataset": "VLCS", "holdout_fraction": 0.2, "hparams": null, "hparams_seed": 1, "output_dir": "domainbed/misc/test_sweep_data/0657090f9a83ff76efe083a104fde93a", "save_model_every_checkpoint": false, "seed": 360234358, "skip_model_save": false, "steps": 1001, "task": "domain_generalization", "test_envs": [1, 2], "trial_seed": 0, "uda_holdout_fraction": 0}';
const hparams =
  '{"batch_size": 39, "class_balanced": false, "data_augmentation": true, "lr": 2.7028930742148706e-05, "nonlinear_classifier": false, "resnet18": false, "resnet_dropout": 0.5, "weight_decay": 0.00044832883881609976}';
const lines = [
  `{"args": ${args}, "env0_in_acc": 0.6448763250883393, "env0_out_acc": 0.657243816254417, "env1_in_acc": 0.4602352941176471, "env1_out_acc": 0.4821092278719397, "env2_in_acc": 0.4028941355674029, "env2_out_acc": 0.3856707317073171, "env3_in_acc": 0.4883376527212144, "env3_out_acc": 0.4888888888888889, "epoch": 0.0, "hparams": ${hparams}, "loss": 1.6960320472717285, "step": 0, "step_time": 0.9077303409576416}`,
  `{"args": ${args}, "env0_in_acc": 1.0, "env0_out_acc": 1.0, "env1_in_acc": 0.5694117647058824, "env1_out_acc": 0.5536723163841808, "env2_in_acc": 0.7517136329017517, "env2_out_acc": 0.7225609756097561, "env3_in_acc": 0.9303961495742318, "env3_out_acc": 0.8592592592592593, "epoch": 10.335689045936396, "hparams": ${hparams}, "loss": 0.2295612922931711, "step": 300, "step_time": 0.2678673497835795}`,
];

describe("DomainBed's layout", () => {
  it('is written as DomainBed writes it, to the character', () => {
    const job = readSweep()[11]!;
    const measured = [
      { epoch: 0, loss: 1.6960320472717285, step_time: 0.9077303409576416 },
      { epoch: 10.335689045936396, loss: 0.2295612922931711, step_time: 0.2678673497835795 },
    ];
    const place = `${sweepFolder}/0657090f9a83ff76efe083a104fde93a`;
    const written = measured.map((scalars, index) =>
      encodeRecord({ ...job.records[index]!, ...scalars }, place),
    );
    expect(written).toEqual(lines);
    expect(encodeRecord(job.records[0]!, place)).toContain('"env0_out_acc": 0.657243816254417,');
  });

  it('keeps whole floats of the hyper-parameters floats, and whole defaults what the registry has', () => {
    const record: DomainRecord = {
      args: { dataset: 'ColoredMNIST', algorithm: 'IGA', test_envs: [2], hparams_seed: 0, trial_seed: 0 },
      hparams: { penalty: 1000, weight_decay: 0, batch_size: 64, mine: 2 },
      step: 0,
      loss: Number.NaN,
    };
    expect(encodeRecord(record, 'x')).toContain(
      '"batch_size": 64, "mine": 2, "penalty": 1000, "weight_decay": 0.0}',
    );
    expect(encodeRecord(record, 'x')).toContain('"loss": NaN');
    const drawn = { ...record, args: { ...record.args, hparams_seed: 1 } };
    expect(encodeRecord(drawn, 'x')).toContain('"penalty": 1000.0');
  });

  it('is read back as it was written, sorted by folder', () => {
    const folder = temporary();
    const jobs = readSweep();
    const names = writeSweep(folder, jobs);
    const read = readJobs(folder);
    expect(read.map((job) => job.folder)).toEqual([...names].sort());
    expect(read.every(({ done }) => done)).toBe(true);
    const first = read.find((job) => job.folder === names[0])!;
    const place = `${sweepFolder}/${names[0]}`;
    expect(first.records).toEqual(
      jobs[0]!.records.map((record) => ({ ...record, args: { ...record.args, output_dir: place } })),
    );
    // What does not change from line to line is held once.
    expect(first.records[4]!.args).toBe(first.records[0]!.args);
    expect(exactValues(folder, read)(first.records[1]!).resnet_dropout).toEqual({ value: 0 });
  });

  it('counts jobs that are not done, with and without records, and nothing else', () => {
    const folder = temporary();
    const [name] = writeSweep(folder, readSweep().slice(0, 2));
    rmSync(join(folder, name!, 'done'));
    mkdirSync(join(folder, '0123456789abcdef0123456789abcdef'));
    mkdirSync(join(folder, 'notes'));
    writeFileSync(join(folder, 'results.txt'), 'x');
    const read = readJobs(folder);
    expect(read.map(({ done, records }) => [done, records.length]).sort()).toEqual([
      [false, 0],
      [false, 5],
      [true, 5],
    ]);
  });

  it('has losses that are not numbers, and lines longer than what is read at once', () => {
    const path = join(temporary(), 'results.jsonl');
    const long = lines[0]!.replace('"epoch": 0.0', `"note": "ä${'x'.repeat(3_000_000)}", "epoch": -Infinity`);
    writeFileSync(path, `${long}\n${lines[1]!.replace('0.2295612922931711', 'NaN')}`);
    const [first, second] = readRecords(path);
    expect(first).toMatchObject({ step: 0, epoch: Number.NEGATIVE_INFINITY });
    expect((first!.note as string).length).toBe(3_000_001);
    expect(second).toMatchObject({ step: 300, loss: Number.NaN });
  });
});

describe('a folder that is none', () => {
  it('is refused where it is absent, a file, empty, or one job', () => {
    const folder = temporary();
    expect(refusal(() => readJobs(join(folder, 'none'))).message).toBe('there is no such folder');
    writeFileSync(join(folder, 'file'), '');
    expect(refusal(() => readJobs(join(folder, 'file'))).message).toBe('this is no folder');
    expect(refusal(() => readJobs(folder)).message).toContain('no folder in it has a results.jsonl');
    const [name] = writeSweep(folder, readSweep().slice(0, 1));
    const single = refusal(() => readJobs(join(folder, name!)));
    expect([single.message, single.hints[0]]).toEqual([
      'this is the folder of one job',
      'name the folder above it',
    ]);
  });

  it.each<readonly [string, string, string]>([
    ['a broken line', '{"args": 1.}\n', 'is no JSON:'],
    ['an empty line', '\n', 'is no JSON: it is empty'],
    ['a torn last line', lines[1]!.slice(0, 400), 'was cut off while it was written'],
    ['another object', '{"a": 1}\n', 'is no record of a training: it has no args'],
    ['no object', '[]\n', 'it is no object'],
    ['no environments', `${lines[0]!.replace('[1, 2]', '3')}\n`, 'args.test_envs is no list of numbers'],
    ['no seed', `${lines[0]!.replace('"hparams_seed": 1', '"hparams_seed": "a"')}\n`, 'args.hparams_seed'],
    ['no step', `${lines[0]!.replace('"step": 0', '"step": null')}\n`, 'it has no step'],
    ['no text', `${lines[0]!.replace('"dataset": "VLCS"', '"dataset": 3')}\n`, 'args.dataset is no text'],
  ])('names file and line of %s', (_, text, message) => {
    const folder = temporary();
    const [name] = writeSweep(folder, readSweep().slice(0, 1));
    const path = join(folder, name!, 'results.jsonl');
    appendFileSync(path, text);
    const error = refusal(() => readJobs(folder));
    expect(error.place).toBe(`${path}:6`);
    expect(error.message).toContain(message);
    expect(error.hints[0]).toBe(`take the line out: sed -i '6d' '${path}'`);
    expect(readFileSync(path, 'utf8').endsWith(text)).toBe(true);
  });
});
