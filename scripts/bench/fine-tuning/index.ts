import { availableParallelism } from 'node:os';
import { type BenchOptions, say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { lackOfAddon, requireSameLosses, sideBySide } from '../side-by-side.js';
import type { MeasuringProcess } from '../steps/process.js';
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
  const lack = lackOfAddon(name);
  if (lack !== undefined) return [lack];
  const python = findPeer();
  if (python === undefined) return [{ name, remark: `not measured: no Python with torch; ${peerHint}` }];
  return sideBySide(async ({ folder, startHeldout, startPeer }) => {
    const asking = (measuring: MeasuringProcess): Ask => {
      return async (request) => (await measuring.ask({ ...request })) as unknown as FineTuningAnswer;
    };
    const threads = availableParallelism();
    const own = asking(await startHeldout('--serve-fine-tuning', folder, String(threads)));
    const peer = asking(await startPeer(python, ['fine-tuning', 'peer.py'], folder));
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
  });
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
    requireSameLosses(losses, answer.losses, tolerance);
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
