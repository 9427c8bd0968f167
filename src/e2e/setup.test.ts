import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { execaSync } from 'execa';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../core/paths.js';
import { findCompiler } from '../setup/addon/compiler.js';
import { readActive } from '../setup/addon/install.js';
import { findPip } from '../setup/library/pip.js';
import { findPlaces } from '../setup/places.js';
import { type CommandResult, runCommand, startCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';
import { waitFor } from './killing.js';

const isSupported = process.platform === 'linux' && process.arch === 'x64';
const hasCompiler = findCompiler() !== undefined;
const hasPip = findPip() !== undefined;
/** The TensorFlow that is set up on this machine, if one is. */
const site = readActive(findPlaces())?.tensorflow.site;
const cache = temporaryFolder();
const project = makeProject();
const addon = join(project, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');

afterAll(() => {
  for (const folder of [cache, project]) rmSync(folder, { recursive: true, force: true });
});

/** A project with a copy of tfjs-node-gpu of its own: the tests must not touch the one that others use. */
function makeProject(): string {
  const folder = temporaryFolder();
  const own = join(folder, 'node_modules', '@tensorflow');
  mkdirSync(own, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'scripts'])
    cpSync(join(projectRoot(), name), join(folder, name), { recursive: true });
  for (const name of ['src', 'configs', 'experiments'])
    symlinkSync(join(projectRoot(), name), join(folder, name));
  const modules = join(projectRoot(), 'node_modules');
  for (const name of readdirSync(modules))
    if (name !== '@tensorflow') symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  for (const name of readdirSync(join(modules, '@tensorflow'))) {
    const from = join(modules, '@tensorflow', name);
    if (name !== 'tfjs-node-gpu') symlinkSync(from, join(own, name));
    else cpSync(from, join(own, name), { recursive: true, filter: (path) => path !== join(from, 'lib') });
  }
  return folder;
}

/** `npm run setup -- WORDS` in the project, with a cache of its own. */
function setUp(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return runCommand('setup', words, { HELDOUT_CACHE: cache, CXX: '', ...environment }, project);
}

/** A folder for the PATH: node, links to programs, and stand-ins for others as shell scripts. */
function makePath(links: readonly string[], scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const path of [process.execPath, ...links]) symlinkSync(path, join(folder, basename(path)));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function expectError({ code, stderr }: CommandResult, wanted: number, ...texts: readonly string[]): void {
  expect({ code, stderr }).toEqual({ code: wanted, stderr: expect.stringMatching(/^error: /) });
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/internal error|^ +at /m);
  // The cache holds no file, and the package no addon.
  expect(listFilesBelow(cache)).toEqual([]);
  expect(existsSync(addon)).toBe(false);
}

const compilerStandIn = { 'g++': 'echo "g++ 12"' };
const slowPip = { pip: 'test "$1" = --version && echo "pip 99 from here" || exec /bin/sleep 60' };

describe.runIf(isSupported)('setup without what it needs', () => {
  it('names compiler and pip at once, with the commands that install them', async () => {
    expectError(
      await setUp([], { PATH: makePath([], {}) }),
      1,
      'a C++ compiler is missing',
      'sudo apt-get install g++',
      'pip is missing',
      'sudo apt-get install python3-pip',
      'sudo dnf install python3-pip',
      'conda install pip',
    );
  });

  it('names pip alone where there is a compiler', async () => {
    const result = await setUp(['--cpu'], { PATH: makePath([], compilerStandIn) });
    expectError(result, 1, 'pip is missing');
    expect(result.stderr).not.toContain('compiler');
  });

  it.skipIf(!hasPip)('names the network', async () => {
    const offline = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' };
    const result = await setUp(['--cpu'], {
      ...offline,
      PATH: `${makePath([], compilerStandIn)}:${process.env.PATH}`,
    });
    expectError(
      result,
      1,
      'the network is missing: pip could not fetch tensorflow-cpu==2.21.0',
      '--from DIR',
    );
  });

  it('refuses a folder that holds no TensorFlow, and one whose library is cut short', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expectError(await setUp(['--from', folder]), 2, 'has no libtensorflow_cc.so.2', folder);
    makeLibraries(folder, (path) => cpSync(process.execPath, path));
    truncateSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'), 10_000);
    expectError(await setUp(['--from', folder]), 1, 'libtensorflow_cc.so.2 is cut short', 'setup -- --cpu');
  });

  it('refuses words that it does not know, and options that exclude each other', async () => {
    expectError(await setUp(['--cpu', '--cuda']), 2, 'only one of --cpu, --cuda, --from and --remove');
    expectError(await setUp(['gpu']), 2, "setup takes no 'gpu'");
    const result = await runCommand('experiment', ['--config', 'ood.yaml', '--cuda'], {}, project);
    expectError(result, 2, '--cuda goes with setup', 'npm run setup -- --cuda');
  });

  it('leaves nothing when it is interrupted, nor, after a kill, beyond the next setup', async () => {
    const environment = { HELDOUT_CACHE: cache, PATH: makePath([], { ...compilerStandIn, ...slowPip }) };
    const begin = async () => {
      const command = startCommand('setup', ['--cpu'], environment, false, project);
      await waitFor(findTemporary);
      // Wrapped: a promise's promise would be waited for.
      return { command };
    };
    const findTemporary = () =>
      existsSync(join(cache, 'tensorflow'))
        ? readdirSync(join(cache, 'tensorflow')).find((name) => name.endsWith('.tmp'))
        : undefined;
    const { command: first } = await begin();
    first.kill('SIGINT');
    expect(await first).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('nothing half-made is left'),
    });
    expect(findTemporary()).toBeUndefined();
    const { command: second } = await begin();
    second.kill('SIGKILL');
    await second;
    expect(findTemporary()).toBeDefined();
    await setUp(['--cpu'], {
      PATH: makePath([], { ...compilerStandIn, pip: slowPip.pip.replace('60', '0') }),
    });
    expect(findTemporary()).toBeUndefined();
  });
});

describe.runIf(isSupported)('an addon that does not load', () => {
  it('is passed over with the reason by auto alone', async () => {
    mkdirSync(join(addon, '..'), { recursive: true });
    onTestFinished(() => rmSync(join(addon, '..', '..'), { recursive: true }));
    const library = readFileSync(process.execPath).subarray(0, 4096);
    // AArch64, where x64 would be 62.
    for (const [machine, reason] of [
      [183, 'cannot open shared object file'],
      [62, 'file too short|cannot|invalid'],
    ] as const) {
      library.writeUInt16LE(machine, 18);
      writeFileSync(addon, library);
      const dryRun = (...words: string[]) =>
        runCommand(
          'experiment',
          ['--config', 'ood.yaml', '--dry-run', ...words],
          { HELDOUT_CACHE: cache },
          project,
        );
      const { code, stdout } = await dryRun();
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(
          new RegExp(
            `backend wasm\\n    not tensorflow: its addon does not load \\(.*(${reason}).*\\)\\n    → npm run setup`,
          ),
        ),
      });
      const refusal = await dryRun('engine.backend=tensorflow');
      expect(refusal.code).toBe(2);
      expect(refusal.stderr).toContain('tensorflow does not start here: its addon does not load');
    }
  });
});

/** A folder as pip installs it, its two libraries made by `make`. */
function makeLibraries(folder: string, make: (path: string, name: string) => void): void {
  const include = join(folder, 'tensorflow', 'include');
  mkdirSync(join(include, 'tensorflow', 'c', 'eager'), { recursive: true });
  writeFileSync(join(include, 'tensorflow', 'c', 'eager', 'c_api.h'), '');
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    make(join(folder, 'tensorflow', name), name);
}

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

describe.runIf(isSupported && hasPip)('setup from an index with another wheel', () => {
  /** What pip finds instead of the index's: a wheel with these files. */
  function makeIndex(files: Zippable): Readonly<Record<string, string>> {
    const folder = temporaryFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const information = 'tensorflow_cpu-2.21.0.dist-info';
    const wheel = zipSync({
      ...files,
      [`${information}/METADATA`]: strToU8('Metadata-Version: 2.1\nName: tensorflow_cpu\nVersion: 2.21.0\n'),
      [`${information}/WHEEL`]: strToU8(
        'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_27_x86_64\n',
      ),
    });
    writeFileSync(join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'), wheel);
    return { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
  }

  it('refuses one without the libraries; an old driver makes it choose the CPU and say why', async () => {
    const PATH = `${makePath([], { ...compilerStandIn, 'nvidia-smi': 'echo "470.82.01, Tesla K80"' })}:${process.env.PATH}`;
    const result = await setUp([], { ...makeIndex({}), PATH });
    expect(result.stdout).toContain(
      'TensorFlow 2.21.0 for the CPU (the NVIDIA driver is 470.82.01, and CUDA 12 wants 525.60.13 or later)',
    );
    expectError(result, 1, 'lacks the libraries or the headers');
  });

  it('refuses one with a broken library', async () => {
    const PATH = `${makePath([], compilerStandIn)}:${process.env.PATH}`;
    const index = makeIndex({
      'tensorflow/libtensorflow_cc.so.2': strToU8('broken'),
      'tensorflow/libtensorflow_framework.so.2': strToU8('broken'),
      'tensorflow/include/tensorflow/c/eager/c_api.h': strToU8(''),
    });
    expectError(
      await setUp(['--cpu'], { ...index, PATH }),
      1,
      'libtensorflow_cc.so.2 is no library of Linux',
    );
  });
});

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
