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
/** Heldout's time over PyTorch's at its best. */
const goal = 1.1;
/** Most relative difference of the losses of the first steps: the same network on the same images. */
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
    const ask: Ask = async (request) => (await measuring.ask({ ...request })) as unknown as FineTuningAnswer;
    return ask;
  };
  try {
    const threads = availableParallelism();
    const script = join(projectRoot(), 'scripts', 'heldout.mjs');
    const own = await start(process.execPath, [
      ...[script, 'bench', '--serve-fine-tuning', folder, String(threads)],
    ]);
    const peer = await start(python, [
      join(projectRoot(), 'scripts', 'bench', 'fine-tuning', 'peer.py'),
      folder,
    ]);
    say(`${name}, settings of PyTorch`);
    const first = await own({ steps });
    const settings = await tryPeers(peer, threads, first.losses);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < (quick ? 1 : rounds); round++) {
      say(`${name}, round ${round + 1}`);
      ours.push(1000 * medianOf((await own({ steps })).times));
      theirs.push(1000 * medianOf((await peer({ steps, ...settings })).times));
    }
    return describeAll(ours, theirs, settings);
  } finally {
    for (const one of running) one.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks a process, and waits for its answer. */
type Ask = (request: object) => Promise<FineTuningAnswer>;

interface PeerSettings {
  readonly channels_last: boolean;
  /** Null: as many as PyTorch takes. */
  readonly threads: number | null;
}

/** The fastest layout and number of threads; each of them warms up, and makes the same first steps. */
async function tryPeers(ask: Ask, threads: number, losses: readonly number[]): Promise<PeerSettings> {
  let best: { readonly time: number; readonly settings: PeerSettings } | undefined;
  for (const channels_last of [false, true]) {
    const answer = await ask({ steps, channels_last, threads: null });
    requireSame(losses, answer.losses);
    for (const settings of [null, threads].map((some) => ({ channels_last, threads: some }))) {
      const time = Math.min(...(await ask({ steps, ...settings })).times);
      if (best === undefined || time < best.time) best = { time, settings };
    }
  }
  return best!.settings;
}

function describeAll(
  ours: readonly number[],
  theirs: readonly number[],
  { channels_last, threads }: PeerSettings,
): BenchRow[] {
  const ratio = medianOf(ours.map((own, at) => own / theirs[at]!));
  const layout = channels_last ? 'channels_last' : 'contiguous';
  return [
    {
      name: `${name}: Heldout`,
      ...describeTimes(ours, 'ms'),
      goal: `${goal} x PyTorch`,
      note: `${ratio.toFixed(2)} x PyTorch's time ${ratio <= goal ? '(reached)' : '(not reached)'}`,
    },
    {
      name: `${name}: PyTorch`,
      ...describeTimes(theirs, 'ms'),
      note: `at its best: ${layout}, ${threads === null ? 'its own number of' : threads} threads`,
    },
  ];
}

function requireSame(ours: readonly number[], theirs: readonly number[]): void {
  const most = Math.max(...ours.map((loss, at) => Math.abs(loss - theirs[at]!) / Math.abs(loss)));
  if (most > tolerance) throw new Error(`losses are up to ${most} apart: not the same network`);
}
