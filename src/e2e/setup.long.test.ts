import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findCompiler } from '../setup/addon/compiler.js';
import { readActive } from '../setup/addon/install.js';
import { findPlaces } from '../setup/places.js';
import { type CommandResult, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';
import {
  addon,
  cache,
  expectError,
  isSupported,
  makeLibraries,
  makePath,
  project,
  setUp,
} from './setting-up.js';

const hasCompiler = findCompiler() !== undefined;
/** The TensorFlow that is set up on this machine, if one is. */
const site = readActive(findPlaces())?.tensorflow.site;

/** A script that trains a small network op by op with TensorFlow.js alone, while another process disturbs it. */
function disturbedTraining(signals: boolean): string {
  return `
const util = require('node:util');
Object.assign(util, { isNullOrUndefined: (value) => value == null, isArray: Array.isArray });
const tf = require(process.argv[2]);
tf.env().set('PROD', true);
process.on('SIGUSR2', () => {});
const sender = ${signals} && require('node:child_process').spawn('sh', ['-c', 'while kill -USR2 ' + process.pid + '; do :; done']);
const widths = [4096, 90, 90, 90, 90, 22, 5];
const kernels = widths.slice(1).map((width, i) => tf.variable(tf.randomNormal([widths[i], width], 0, 0.05)));
const [inputs, targets] = [tf.randomNormal([128, 4096]), tf.randomNormal([128, 5])];
const optimizer = tf.train.adam(1e-3);
const predict = () => kernels.reduce((x, kernel) => tf.relu(tf.matMul(x, kernel)), inputs);
for (let step = 0; step < 100; step++)
  optimizer.minimize(() => tf.mean(tf.squaredDifference(predict(), targets)));
if (sender) sender.kill('SIGKILL');
console.log('done');
process.exit();
`;
}

describe.runIf(isSupported && hasCompiler && site !== undefined)(
  'setup on the TensorFlow of this machine (after npm run setup)',
  { timeout: 240_000 },
  () => {
    it('refuses a library that is another one', async () => {
      const folder = temporaryFolder();
      onTestFinished(() => rmSync(folder, { recursive: true }));
      makeLibraries(folder, (path, name) => {
        const words = ['-shared', '-x', 'c', '/dev/null', `-Wl,-soname,${name}`, '-o', path];
        execaSync(findCompiler()!.command, words);
      });
      rmSync(join(folder, 'tensorflow', 'include'), { recursive: true });
      symlinkSync(join(site!, 'tensorflow', 'include'), join(folder, 'tensorflow', 'include'));
      const result = await setUp(['--from', folder]);
      expectError(result, 1, 'this TensorFlow does not fit: its libraries lack TF');
    });

    describe('that fits', () => {
      let first: CommandResult;
      const inUse = () => readActive(findPlaces({ HELDOUT_CACHE: cache }))!;
      beforeAll(async () => {
        first = await setUp(['--from', site!]);
      });

      it('builds, checks, and says so in a dozen lines', () => {
        expect(first).toMatchObject({ code: 0, stderr: '' });
        expect(first.stdout).toMatch(/^ {2}checked +one training step gives the known result, on /m);
        expect(first.stdout.split('\n').length).toBeLessThanOrEqual(12);
        expect(inUse().tensorflow).toMatchObject({ variant: 'from', site });
        expect(readFileSync(addon)).toEqual(readFileSync(inUse().addon));
      });

      it('does nothing the second time', async () => {
        const before = inUse();
        for (const words of [['--from', site!], []]) {
          const { code, stdout } = await setUp(words);
          expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('nothing to do') });
        }
        expect(inUse()).toEqual(before);
      });

      it('is put back without compiling when npm ci has taken the addon', async () => {
        rmSync(join(addon, '..', '..'), { recursive: true });
        const environment = { HELDOUT_CACHE: cache, PATH: makePath([], {}) };
        const doctor = () => runCommand('experiment', ['doctor'], environment, project);
        expect((await doctor()).stdout).toMatch(/works {2}tensorflow[\s\S]*put the built addon back/);
        expect((await doctor()).stdout).not.toContain('put the built addon back');
        rmSync(addon);
        expect((await setUp([])).stdout).toContain('put in use, without compiling');
        expect(existsSync(addon)).toBe(true);
      });

      it('is shown by doctor with version, device, threads and place', async () => {
        const { stdout } = await runCommand('experiment', ['doctor'], { HELDOUT_CACHE: cache }, project);
        expect(stdout).toMatch(/works {2}tensorflow {2}TensorFlow \d+\.\d+\.\d+ on (the CPU|a GPU)/);
        for (const text of ['a TensorFlow that was here, in ', 'threads: ', 'CUDA libraries: ', 'device: '])
          expect(stdout).toContain(text);
      });

      it('trains, with nothing of its own on standard error', async () => {
        const script = `require(${JSON.stringify(inUse().addon)})`;
        const { exitCode, stderr } = execaSync(process.execPath, ['-e', script], {
          env: { TF_CPP_MIN_LOG_LEVEL: '2' },
        });
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      });

      it.each([
        ['signals', [], true],
        ['a profiler', ['--cpu-prof'], false],
      ])('computes beside %s', (_, flags, signals) => {
        const folder = temporaryFolder();
        onTestFinished(() => rmSync(folder, { recursive: true }));
        const script = join(folder, 'disturbed.cjs');
        writeFileSync(script, disturbedTraining(signals));
        const { exitCode, stdout, stderr } = execaSync(
          process.execPath,
          [...flags, script, join(project, 'node_modules', '@tensorflow', 'tfjs-node-gpu')],
          // One kernel that is known to damage the heap where a handler runs beside it.
          {
            cwd: folder,
            reject: false,
            timeout: 60_000,
            env: { DNNL_MAX_CPU_ISA: 'AVX2', TF_NUM_INTRAOP_THREADS: '1' },
          },
        );
        expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: 'done' });
      });

      it('is said to run on the CPU where it is made for CUDA and the driver is too old', async () => {
        const record = join(inUse().folder, 'install.json');
        const text = readFileSync(record, 'utf8');
        onTestFinished(() => writeFileSync(record, text));
        writeFileSync(record, text.replace('"from"', '"cuda"'));
        const PATH = makePath([], { 'nvidia-smi': 'echo "470.82.01, Tesla K80"' });
        const words = ['--config', 'ood.yaml', '--dry-run'];
        const { stdout } = await runCommand('experiment', words, { HELDOUT_CACHE: cache, PATH }, project);
        expect(stdout).toContain(
          'TensorFlow for CUDA runs on the CPU: the NVIDIA driver is 470.82.01, and CUDA 12 wants 525.60.13 or later',
        );
      });

      it('is removed', async () => {
        const { stdout } = await setUp(['--remove']);
        expect(stdout).toMatch(/^Removed /);
        expect(listFilesBelow(cache)).toEqual([]);
        expect(existsSync(addon)).toBe(false);
        expect(existsSync(join(site!, 'tensorflow', 'libtensorflow_cc.so.2'))).toBe(true);
        expect((await setUp(['--remove'])).stdout).toContain('nothing to remove');
      });
    });
  },
);
