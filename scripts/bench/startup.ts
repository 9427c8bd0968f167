import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { monotonicSeconds } from '../../src/core/clock.js';
import { projectRoot } from '../../src/core/files/paths.js';
import { type BenchRow, describeTimes } from './row.js';

const commands: Readonly<Record<string, readonly string[]>> = {
  '--cfg job': ['--config', 'ood.yaml', '--cfg', 'job'],
  '--info defaults-tree': ['--config', 'ood.yaml', '--info', 'defaults-tree'],
  '--dry-run (24 runs)': ['--config', 'ood.yaml', '--dry-run', 'paths.results=/nonexistent/heldout-bench'],
  explain: ['explain', 'training.optimizer.learning_rate', '--config', 'ood.yaml'],
  '--help': ['--help'],
};

/** Wall time of the commands that inspect, beyond that of bare Node, in turn so that both see the same machine. */
export function benchStartup(repeats = 15): BenchRow[] {
  const script = join(projectRoot(), 'scripts', 'heldout.mjs');
  return Object.entries(commands).map(([name, args]) => {
    const beyond: number[] = [];
    const bare: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      bare.push(timeProcess(['-e', '0']));
      beyond.push(timeProcess([script, 'experiment', ...args]) - bare.at(-1)!);
    }
    return {
      name: `start-up: ${name}`,
      ...describeTimes(beyond, 'ms beyond node -e 0'),
      goal: '< 300 ms',
      note: `node -e 0: ${describeTimes(bare, 'ms').median.toFixed(0)} ms`,
    };
  });
}

function timeProcess(args: readonly string[]): number {
  const start = monotonicSeconds();
  const result = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (result.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${result.status}`);
  return (monotonicSeconds() - start) * 1000;
}
