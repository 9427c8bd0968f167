import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSweep, sweepFolder, sweepText, writeSweep } from '../sweeps/domainbed/testing/vlcs-sweep.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';

const folder = temporaryFolder();
const sweep = join(folder, 'sweep');
const names = writeSweep(sweep);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a user types it in the folder above the sweep. */
const tables = (...words: readonly string[]) =>
  callCommand('tables', [...words, '--layout', 'domainbed'], { INIT_CWD: folder });

describe("tables of DomainBed's own test sweep", () => {
  it('are what DomainBed prints, to the character', async () => {
    const { code, stdout, stderr } = await runCommand('tables', ['sweep', '--layout', 'domainbed'], {
      INIT_CWD: folder,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(`${stdout}\n`).toBe(sweepText);
    expect(readFileSync(join(sweep, 'results.txt'), 'utf8')).toBe(sweepText);

    const latex = await tables('sweep', '--latex');
    expect([latex.code, latex.stderr]).toEqual([0, '']);
    expect(`${latex.stdout}\n`).toBe(readFileSync(join(sweep, 'results.tex'), 'utf8'));
    expect(latex.stdout).toContain('\nERM                  & 98.0 $\\pm$ 0.2       & 64.2 $\\pm$ 0.8 ');
  });

  it('say for programs which run and checkpoint was chosen', async () => {
    const { code, stdout } = await tables('sweep', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(24);
    expect(JSON.parse(stdout)[0]).toEqual({
      ...{ selection: 'training-domain validation set', looks_at_test: false },
      ...{ dataset: 'VLCS', algorithm: 'ERM', trial_seed: expect.any(Number), test_env: expect.any(Number) },
      chosen: {
        ...{ hparams_seed: expect.any(Number), step: expect.any(Number) },
        ...{ val_acc: expect.any(Number), test_acc: expect.any(Number) },
        output_dir: expect.stringMatching(`^${sweepFolder}/[0-9a-f]{32}$`),
      },
      missing: [],
    });
  });

  it('come with the best hyper-parameters, floats as floats', async () => {
    const { code, stdout, stderr } = await tables(
      'sweep',
      'top',
      'dataset=VLCS',
      'algorithm=ERM',
      'test_env=L',
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Total records: 200',
      'Model selection: training-domain validation set',
      expect.stringMatching(/^trial_seed: [01]$/),
    ]);
    expect(lines.filter((line) => line === '\t\t\tweight_decay: 0.0')).toHaveLength(6);
    expect(lines.filter((line) => /^\t\{'val_acc': 0\.\d+, 'test_acc': 0\.\d+\}$/.test(line))).toHaveLength(
      12,
    );
    expect(lines.filter((line) => line.startsWith(`\t\t\t${sweepFolder}/`))).toHaveLength(48);
  });

  it('count what is incomplete, and say what leave-one-domain-out lacks', async () => {
    const part = join(folder, 'part');
    const [first] = writeSweep(part, readSweep().slice(0, 39));
    rmSync(join(part, first!, 'done'));
    mkdirSync(join(part, names[39]!));
    const { code, stdout, stderr } = await tables('part');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Total records: 195$/m);
    expect(stderr.split('\n')).toEqual([
      'leave-one-domain-out cross-validation: 1 training is missing: VLCS ERM, test environment 3, trial 1, hyper-parameters 1',
      '2 of 40 jobs are incomplete (no file done); their 5 records count, as DomainBed counts them',
    ]);
  });
});

describe('what is refused', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['no folder', [], ['a FOLDER is missing', 'npm run tables -- FOLDER --layout domainbed']],
    ['a folder that is absent', ['none'], ['none: there is no such folder', '--output_dir']],
    [
      'the folder of a job',
      [`sweep/${names[0]}`],
      ['this is the folder of one job', 'name the folder above it'],
    ],
    ['a folder without records', ['empty'], ['no folder in it has a results.jsonl with a record']],
    ['a damaged line', ['damaged'], [`${names[1]}/results.jsonl:6: this line was cut off`, "sed -i '6d'"]],
    ['a word too many', ['sweep', 'best'], ["'best' is one word too many"]],
    ['a key without top', ['sweep', 'dataset=VLCS'], ["'dataset=VLCS' goes with top"]],
    ['top without its keys', ['sweep', 'top'], ['top needs dataset=', 'dataset is one of VLCS']],
    ['top of what is not there', ['sweep', 'top', 'dataset=VLC'], ['did you mean dataset=VLCS?']],
    ['top with another key', ['sweep', 'top', 'trial=1'], ["top takes no 'trial=1'"]],
    ['the second pass where there was one', ['sweep', '--auto-lr'], ['fd_env0_in_acc']],
  ])('%s', async (_, words, parts) => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    if (!existsSync(join(folder, 'damaged'))) {
      const [, second] = writeSweep(join(folder, 'damaged'), readSweep().slice(0, 2));
      appendFileSync(join(folder, 'damaged', second!, 'results.jsonl'), '{"args": {"alg');
    }
    const { code, stdout, stderr } = await tables(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/internal error|^ +at /m);
    for (const part of parts) expect(stderr).toContain(part);
  });

  it('options of a layout without it, and a layout elsewhere', async () => {
    const lonely = await callCommand('tables', ['sweep', '--latex']);
    expect([lonely.code, lonely.stderr]).toEqual([2, expect.stringContaining('--latex goes with --layout')]);
    const elsewhere = await callCommand('figures', ['sweep', '--layout', 'domainbed']);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('goes with tables')]);
  });
});
