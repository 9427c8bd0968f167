import { HeldoutError } from '../../core/errors.js';
import { release } from '../library/release.js';
import { compareVersions } from '../library/versions.js';

export interface Platform {
  readonly system: string;
  readonly processor: string;
  /** Undefined where the C library is another one (musl). */
  readonly glibc: string | undefined;
}

export function describePlatform(): Platform {
  return { system: process.platform, processor: process.arch, glibc: findGlibc() };
}

function findGlibc(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}

const systems: Readonly<Record<string, string>> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };

/** Throws where TensorFlow's libraries cannot run. */
export function refuseOtherPlatforms({ system, processor, glibc }: Platform): void {
  const refuse = (message: string) =>
    new HeldoutError({
      code: 'E_SETUP_PLATFORM',
      message: `${message}; the tensorflow tier runs on Linux x64 with glibc ${release.glibc} or later`,
      hints: ['nothing needs to be set up here: engine.backend=auto takes the wasm tier, which serves'],
      exitCode: 1,
    });
  if (system !== 'linux' || processor !== 'x64')
    throw refuse(`this is ${systems[system] ?? system} on ${processor}`);
  if (glibc === undefined) throw refuse('this Linux has no glibc (Alpine and others use musl)');
  if (compareVersions(glibc, release.glibc) < 0) throw refuse(`this system has glibc ${glibc}`);
}
