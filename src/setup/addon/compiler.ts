import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execa } from 'execa';
import { HeldoutError } from '../../core/errors.js';
import type { Library } from '../library/library.js';
import { libraryNames, napiVersion } from '../library/release.js';
import { addonNames } from './addon-names.js';
import { opsFlags, type Sources } from './sources.js';

export interface Compiler {
  readonly command: string;
  /** Its first line about itself: `g++ (Debian 12.2.0-14) 12.2.0`. */
  readonly version: string;
}

/** `CXX`, or the first C++ compiler on the PATH. */
export function findCompiler(environment: NodeJS.ProcessEnv = process.env): Compiler | undefined {
  const names = [environment.CXX, 'g++', 'c++', 'clang++', 'x86_64-conda-linux-gnu-g++'];
  for (const command of names.filter((name) => name !== undefined && name !== '')) {
    const { status, stdout } = spawnSync(command!, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const version = status === 0 ? stdout.split('\n', 1)[0]?.trim() : undefined;
    if (version !== undefined) return { command: command!, version };
  }
  return undefined;
}

export interface BuildRequest {
  readonly compiler: Compiler;
  readonly library: Library;
  /** The folder of `@tensorflow/tfjs-node-gpu`. */
  readonly packageFolder: string;
  /** Node-API's headers. */
  readonly headers: string;
  readonly sources: Sources;
  /** Where the files go. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export async function buildAddon(request: BuildRequest): Promise<void> {
  const { packageFolder, library, folder, headers, sources } = request;
  const tensorflow = join(library.site, 'tensorflow');
  const include = `-I${join(tensorflow, 'include')}`;
  const linked = [...libraryNames.map((file) => join(tensorflow, file)), ...findAtRunTime(tensorflow)];
  const into = (name: keyof typeof addonNames) => ['-o', join(folder, addonNames[name])];
  const binding = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  await Promise.all([
    compile(request, [
      `-I${headers}`,
      include,
      `-I${packageFolder}`,
      ...['-include', sources.ownedTensor],
      ...binding,
      ...linked,
      ...into('linked'),
    ]),
    compile(request, [
      `-I${headers}`,
      sources.loader,
      ...findAtRunTime('$ORIGIN'),
      '-ldl',
      ...into('loader'),
    ]),
    ...opsFlags.processors.map(({ name, flags }) =>
      compile(request, [
        ...opsFlags.arithmetic,
        ...flags,
        include,
        ...sources.ops,
        ...linked,
        '-pthread',
        ...into(name),
      ]),
    ),
  ]);
}

const findAtRunTime = (folder: string) => ['-Xlinker', '-rpath', '-Xlinker', folder];

async function compile({ compiler, signal, library }: BuildRequest, words: readonly string[]): Promise<void> {
  const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${napiVersion}`];
  const result = await execa(compiler.command, [...flags, ...words], {
    reject: false,
    cancelSignal: signal,
    stdin: 'ignore',
    all: true,
    env: { LC_ALL: 'C' },
  });
  signal.throwIfAborted();
  if (!result.failed) return;
  const output = result.all || (result.shortMessage ?? '');
  const line = /[^\n]*(?:error|cannot find)[^\n]*/i.exec(output)?.[0] ?? output.trim().split('\n').at(-1);
  throw new HeldoutError({
    code: 'E_SETUP_BUILD',
    message: `the addon does not build with ${compiler.version}: ${line}`,
    place: library.site,
    hints: [
      'a compiler of C++17 is needed: GCC 8 or later, or CXX=COMPILER npm run setup',
      'npm run setup -- --cpu  builds against the TensorFlow that is known to fit',
    ],
    exitCode: 1,
  });
}
