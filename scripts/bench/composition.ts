import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeStudy, loadSettings } from '../../src/config/index.js';
import { monotonicSeconds } from '../../src/core/clock.js';
import { type BenchRow, describeTimes } from './row.js';

const groups = 20;
const options = 10;
const keys = 10;

/** Composes a primary config over a tree of 200 files of which it takes every one, reading them anew each time. */
export function benchComposition(repeats = 15): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-configs-'));
  try {
    writeTree(join(folder, 'configs'));
    const settings = loadSettings(folder);
    const times = Array.from({ length: repeats }, () => {
      const start = monotonicSeconds();
      composeStudy({
        settings,
        config: 'config',
        overrides: ['group0.option0.key0=1'],
        workingFolder: folder,
      });
      return (monotonicSeconds() - start) * 1000;
    });
    return [{ name: 'composition of a tree of 200 files', ...describeTimes(times, 'ms') }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTree(configs: string): void {
  const names = Array.from({ length: options }, (_, option) => `option${option}`);
  const defaults: string[] = [];
  for (let group = 0; group < groups; group += 1) {
    mkdirSync(join(configs, `group${group}`), { recursive: true });
    defaults.push(`  - group${group}: [${names.join(', ')}]`);
    for (const name of names) {
      const lines = Array.from({ length: keys }, (_, key) => `  key${key}: \${seed}`);
      writeFileSync(join(configs, `group${group}`, `${name}.yaml`), `${name}:\n${lines.join('\n')}\n`);
    }
  }
  writeFileSync(join(configs, 'config.yaml'), `defaults:\n${defaults.join('\n')}\n  - _self_\nseed: 0\n`);
}
