import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { explainCrash, explainLoading } from './addon/check.js';
import { addonKey } from './addon/install.js';
import { type Library, readForeignLibrary, readLibrary } from './library/library.js';
import { findPlaces } from './places.js';
import { refuseOtherPlatforms } from './system/platform.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

const library: Library = {
  variant: 'cpu',
  version: '2.21.0',
  site: '/cache/2.21.0-cpu',
  bytes: { 'libtensorflow_cc.so.2': 1 },
};

describe('findPlaces', () => {
  it.each([
    [{ HELDOUT_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/c/tensorflow'],
    [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/heldout/tensorflow'],
    [{ XDG_CACHE_HOME: 'relative', HOME: '/h' }, '/h/.cache/heldout/tensorflow'],
    [{ HELDOUT_CACHE: '', HOME: '/h' }, '/h/.cache/heldout/tensorflow'],
  ])('%j: %s', (environment, expected) => {
    expect(findPlaces(environment as NodeJS.ProcessEnv).folder).toBe(expected);
  });
});

describe('addonKey', () => {
  it('changes with what decides the addon, and with nothing else', () => {
    const key = addonKey('4.22.0', 'loader', library);
    expect(addonKey('4.22.0', 'loader', { ...library })).toBe(key);
    const others = [
      addonKey('4.23.0', 'loader', library),
      addonKey('4.22.0', 'another', library),
      addonKey('4.22.0', 'loader', { ...library, version: '2.20.0' }),
      addonKey('4.22.0', 'loader', { ...library, variant: 'cuda' }),
      addonKey('4.22.0', 'loader', { ...library, site: '/elsewhere' }),
      addonKey('4.22.0', 'loader', { ...library, bytes: { 'libtensorflow_cc.so.2': 2 } }),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
});

describe('refuseOtherPlatforms', () => {
  it.each([
    [{ system: 'darwin', processor: 'arm64', glibc: undefined }, 'this is macOS on arm64'],
    [{ system: 'win32', processor: 'x64', glibc: undefined }, 'this is Windows on x64'],
    [{ system: 'linux', processor: 'arm64', glibc: '2.36' }, 'this is Linux on arm64'],
    [{ system: 'linux', processor: 'x64', glibc: undefined }, 'no glibc'],
    [{ system: 'linux', processor: 'x64', glibc: '2.17' }, 'glibc 2.17'],
  ])('%j', (platform, text) => {
    expect(() => refuseOtherPlatforms(platform)).toThrow(
      expect.objectContaining({
        code: 'E_SETUP_PLATFORM',
        message: expect.stringContaining(text),
        hints: [expect.stringContaining('wasm')],
        exitCode: 1,
      }),
    );
  });
  it('takes Linux x64', () => {
    expect(() => refuseOtherPlatforms({ system: 'linux', processor: 'x64', glibc: '2.27' })).not.toThrow();
  });
});

describe('readForeignLibrary', () => {
  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'takes the folder of tensorflow or the one above, with the version of its distribution',
    () => {
      const include = join(folder, 'tensorflow', 'include', 'tensorflow', 'c', 'eager');
      mkdirSync(include, { recursive: true });
      writeFileSync(join(include, 'c_api.h'), '');
      expect(readLibrary(folder, 'from')).toBeUndefined();
      expect(() => readForeignLibrary(folder)).toThrow(
        expect.objectContaining({
          code: 'E_SETUP_FROM',
          message: expect.stringContaining('has no libtensorflow_cc.so.2, no libtensorflow_framework.so.2'),
          exitCode: 2,
        }),
      );
      for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
        copyFileSync(process.execPath, join(folder, 'tensorflow', name));
      mkdirSync(join(folder, 'tensorflow_cpu-2.19.1.dist-info'));
      mkdirSync(join(folder, 'tensorflow_estimator-2.15.0.dist-info'));
      const expected = { variant: 'from', version: '2.19.1', site: folder };
      expect(readForeignLibrary(folder)).toMatchObject(expected);
      expect(readForeignLibrary(join(folder, 'tensorflow'))).toMatchObject(expected);
      truncateSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'), 1e6);
      expect(() => readForeignLibrary(folder)).toThrow(/libtensorflow_cc\.so\.2 is cut short/);
      const header = readFileSync(process.execPath).subarray(0, 64);
      header.writeUInt16LE(183, 18);
      writeFileSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'), header);
      expect(() => readForeignLibrary(folder)).toThrow(/was made for another processor/);
      writeFileSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'), 'text');
      expect(() => readForeignLibrary(folder)).toThrow(/libtensorflow_cc\.so\.2 is no library of Linux/);
      expect(() => readForeignLibrary(join(folder, 'nowhere'))).toThrow('there is no such folder');
    },
  );
});

describe('what the check finds', () => {
  it.each([
    ["/lib/libc.so.6: version `GLIBC_2.38' not found (required by x)", /C library is too old.*GLIBC_2\.38/],
    ['x.so: undefined symbol: TFE_NewContext', /does not fit: its libraries lack TFE_NewContext/],
    [
      'libtensorflow_cc.so.2: invalid ELF header',
      /does not load: libtensorflow_cc\.so\.2: invalid ELF header/,
    ],
  ])('%s', (reason, message) => {
    const error = explainLoading(library, reason);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({
      place: library.site,
      exitCode: 1,
      hints: [expect.any(String), expect.any(String)],
    });
  });
  it('names the processor, or what ended the process', () => {
    expect(explainCrash(library, 'SIGILL').message).toContain('made for another processor');
    expect(explainCrash(library, 'SIGBUS').message).toContain(
      'broken: it ended the process of the check (SIGBUS)',
    );
  });
});
