import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findPlaces } from '../places.js';
import { addonNames } from './addon-names.js';
import { activate, readInstall, writeInstall } from './install.js';
import { addonPlace, isCurrent, putBackAddon } from './put-back.js';
import { hashSources } from './sources.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-put-back-'));
  vi.stubEnv('HELDOUT_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** An install as setup leaves it, as far as its place is concerned. */
function install(name: string, sources: string, site = '/tensorflow') {
  const place = join(findPlaces().addons, name);
  mkdirSync(place, { recursive: true });
  for (const file of Object.values(addonNames)) writeFileSync(join(place, file), '');
  writeInstall(place, {
    schema: 1,
    package: '4.22.0',
    tensorflow: { version: '2.21.0', variant: 'cpu', site, bytes: { 'libtensorflow_cc.so.2': 1 } },
    sources,
    compiler: 'g++',
    checkedOn: 'cpu',
    built: '2026-01-01T00:00:00Z',
  });
  return readInstall(place)!;
}

const linked = (packageFolder: string) => readlinkSync(addonPlace(packageFolder));

it('puts back what is in use', () => {
  const packageFolder = join(folder, 'package');
  expect(putBackAddon(packageFolder, '4.22.0')).toBeUndefined();
  const active = install('active', hashSources());
  activate(findPlaces(), active);
  expect(putBackAddon(packageFolder, '4.23.0')).toBeUndefined();
  expect(putBackAddon(packageFolder, '4.22.0')).toContain(`from ${active.folder}`);
  expect(putBackAddon(packageFolder, '4.22.0')).toBeUndefined();
  expect(linked(packageFolder)).toBe(active.addon);
  expect(isCurrent(addonPlace(packageFolder))).toBe(true);
});

it('keeps to the addon of its own sources where another checkout was set up last', () => {
  const packageFolder = join(folder, 'package');
  const own = install('own', hashSources());
  install('own-on-another-tensorflow', hashSources(), '/elsewhere');
  activate(findPlaces(), own);
  putBackAddon(packageFolder, '4.22.0');
  const other = install('other', 'of another checkout');
  activate(findPlaces(), other);
  expect(putBackAddon(packageFolder, '4.22.0')).toBeUndefined();
  expect(linked(packageFolder)).toBe(own.addon);

  rmSync(own.folder, { recursive: true });
  expect(putBackAddon(packageFolder, '4.22.0')).toContain(`from ${other.folder}`);
  expect(isCurrent(addonPlace(packageFolder))).toBe(false);
});
