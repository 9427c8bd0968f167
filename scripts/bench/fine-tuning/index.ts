import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../src/core/files/paths.js';
import { findAddon } from '../../../src/engine/backends/addon.js';
import { type BenchOptions, say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { MeasuringProcess } from '../steps/process.js';
import { type FineTuningAnswer, task } from './worker.js';

const name = `fine-tuning ResNet-50, ${task.side} pixels, batch ${task.batch}`;
/** Heldout's time over that of PyTorch's faster layout. */
const goal = 1.1;
/** Most relative difference of the first losses: the same network on the same images. */
const tolerance = 1e-3;
const steps = 2;
const rounds = 5;

/** Steps of a ResNet-50 with frozen batch norms in Heldout and in PyTorch, in turns, from the same parameters. */
export async function benchFineTuning({ quick }: BenchOptions): Promise<Row[]> {
  if (findAddon() === undefined) {
    return [
      { name, remark: 'not measured: the addon of the tensorflow tier has not been built; npm run setup' },
    ];
  }
  const python = findPeer();
  if (python === undefined) return [{ name, remark: `not measured: no Python with torch; ${peerHint}` }];
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-fine-tuning-'));
  const running: MeasuringProcess[] = [];
  const start = async (command: string, args: readonly string[]) => {
    const [measuring] = await MeasuringProcess.start(command, args);
    running.push(measuring);
    return (request: object) => measuring.ask({ ...request }) as unknown as Promise<FineTuningAnswer>;
  };
  try {
    const threads = String(availableParallelism());
    const script = join(projectRoot(), 'scripts', 'heldout.mjs');
    const own = await start(process.execPath, [script, 'bench', '--serve-fine-tuning', folder, threads]);
    const peer = await start(python, [
      join(projectRoot(), 'scripts', 'bench', 'fine-tuning', 'peer.py'),
      folder,
    ]);
    const ask = {
      Heldout: () => own({ steps }),
      PyTorch: () => peer({ steps }),
      'PyTorch channels_last': () => peer({ steps, channels_last: true }),
    };
    const times: Record<keyof typeof ask, number[]> = {
      ...{ Heldout: [], PyTorch: [], 'PyTorch channels_last': [] },
    };
    for (let round = 0; round < (quick ? 1 : rounds) + 1; round++) {
      say(`${name}, round ${round}`);
      const losses: number[] = [];
      for (const who of Object.keys(ask) as (keyof typeof ask)[]) {
        const answer = await ask[who]();
        losses.push(answer.losses[0]!);
        // The first round warms up.
        if (round > 0) times[who].push(1000 * medianOf(answer.times));
      }
      if (round === 0) requireSame(losses);
    }
    return describeAll(times);
  } finally {
    for (const one of running) one.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeAll(times: Readonly<Record<string, readonly number[]>>): BenchRow[] {
  const { Heldout: ours, ...peers } = times;
  const best = Object.values(peers).reduce((a, b) => (medianOf(b) < medianOf(a) ? b : a));
  const ratio = medianOf(ours!.map((own, at) => own / best[at]!));
  return Object.entries(times).map(([who, raw]) => ({
    name: `${name}: ${who}`,
    ...describeTimes(raw, 'ms'),
    ...(raw === ours && {
      goal: `${goal} x PyTorch`,
      note: `${ratio.toFixed(2)} x PyTorch's better time ${ratio <= goal ? '(reached)' : '(not reached)'}`,
    }),
  }));
}

function requireSame([first, ...others]: readonly number[]): void {
  const most = Math.max(...others.map((loss) => Math.abs(loss - first!) / Math.abs(first!)));
  if (most > tolerance) throw new Error(`losses are up to ${most} apart: not the same network`);
}
