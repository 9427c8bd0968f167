import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPip } from '../setup/library/pip.js';
import { runCommand, startCommand, temporaryFolder } from './cli.js';
import { waitFor } from './killing.js';
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

const hasPip = findPip() !== undefined;
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
      await waitFor(findTemporary, command);
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
