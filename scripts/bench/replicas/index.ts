import { availableParallelism } from 'node:os';
import { type BenchOptions, say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { lackOfAddon, lackOfData, type SideBySide, sideBySide } from '../side-by-side.js';
import { composeFamily, type Family, type FamilyName, families } from './jobs.js';
import type { ReplicasAnswer } from './worker.js';

/** Most difference of mean losses over the first 50 steps: the same networks on the same batches. */
const tolerance = 1e-4;
const rounds = 3;

/** What trains all networks, and with what settings. */
interface Contestant {
  readonly label: string;
  readonly detail: string;
  train(steps: number): Promise<ReplicasAnswer>;
}

/**
 * Networks of a study as replicas, one after the other, and one after the other in PyTorch with the same parameters and
 * batches, in turns. The data are in memory before.
 */
export async function benchReplicas(options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of Object.keys(families) as FamilyName[]) rows.push(...(await benchFamily(name, options)));
  return rows;
}

async function benchFamily(name: FamilyName, options: BenchOptions): Promise<Row[]> {
  const family = families[name];
  const { label } = family;
  const [config] = composeFamily(name, family.steps);
  const lack = lackOfAddon(label) ?? (await lackOfData(label, config!));
  if (lack !== undefined) return [lack];
  const python = findPeer();
  return sideBySide(async (processes) => {
    const heldout = [
      await startHeldout(processes, name, { threads: availableParallelism(), together: true }),
      await startHeldout(processes, name, { threads: 1, together: false }),
    ];
    const peers = python === undefined ? [] : await startPeers(processes, python);
    const rows = await compare(family, [...heldout, ...peers], options);
    if (python !== undefined) return rows;
    const remark = `not measured: no Python with torch; ${peerHint}`;
    return [...rows, { name: `${label}: PyTorch`, remark }];
  });
}

/** The process with the replicas leaves in the folder what the peer trains with. */
async function startHeldout(
  processes: SideBySide,
  family: FamilyName,
  { threads, together }: { readonly threads: number; readonly together: boolean },
): Promise<Contestant> {
  const words = [family, together ? processes.folder : '', String(threads), together ? 'together' : 'alone'];
  const worker = await processes.startHeldout('--serve-replicas', ...words);
  return {
    label: together ? `Heldout, ${families[family].networks} replicas` : 'Heldout, one after the other',
    detail: `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    train: async (steps) => (await worker.ask({ steps })) as unknown as ReplicasAnswer,
  };
}

/** Plain eager PyTorch and PyTorch at its best, by the time of one network after a warm-up that compiles. */
async function startPeers({ folder, startPeer }: SideBySide, python: string): Promise<readonly Contestant[]> {
  const peer = await startPeer(python, ['replicas', 'peer.py'], folder);
  const measured: { settings: readonly string[]; seconds: number }[] = [];
  const failed: string[] = [];
  for (const how of [[], ['fused'], ['fused', 'compile']]) {
    for (const threads of new Set([1, availableParallelism()])) {
      const settings = [`threads=${threads}`, ...how];
      say(`PyTorch, ${settings.join(' ')}`);
      const times: number[] = [];
      for (let repeat = 0; repeat < 4; repeat++) {
        const answer = await peer.ask({ settings, steps: 100, networks: 1 });
        if ('failed' in answer) failed.push(`${settings.join(' ')} failed: ${answer.failed}`);
        else times.push(Number(answer.seconds));
      }
      if (times.length === 4) measured.push({ settings, seconds: Math.min(...times.slice(1)) });
    }
  }
  const fastest = (among: typeof measured) =>
    among.reduce((a, b) => (b.seconds < a.seconds ? b : a)).settings;
  const eager = fastest(measured.filter(({ settings }) => settings.length === 1));
  const best = fastest(measured);
  const contestant = (label: string, settings: readonly string[], more: readonly string[]): Contestant => ({
    label,
    detail: [settings.join(' '), ...more].join('; '),
    train: async (steps) => (await peer.ask({ settings, steps })) as unknown as ReplicasAnswer,
  });
  return [
    contestant('PyTorch, one after the other, eager', eager, []),
    ...(best === eager ? [] : [contestant('PyTorch, one after the other, at its best', best, failed)]),
  ];
}

/** The first contestant is what the others are compared with. */
async function compare(
  { label, networks, goal, steps: most }: Family,
  contestants: readonly Contestant[],
  { quick }: BenchOptions,
): Promise<Row[]> {
  const steps = quick ? 100 : most;
  const first = contestants[0]!;
  const answers = new Map<Contestant, ReplicasAnswer[]>(contestants.map((one) => [one, []]));
  for (const one of contestants) await one.train(50);
  for (let round = 0; round < (quick ? 1 : rounds); round++) {
    for (const one of contestants) {
      say(`${label}: ${one.label}, ${steps} steps`);
      answers.get(one)!.push(await one.train(steps));
    }
  }
  const known = answers.get(first)!;
  const own = medianOf(known.map(({ seconds }) => seconds));
  const ratios: string[] = [];
  const rows = contestants.map((one): BenchRow => {
    const found = answers.get(one)!;
    const times = describeTimes(
      found.map(({ seconds }) => seconds),
      's',
    );
    const apart = [0, 1].map((at) => differ(found[0]!, known[0]!, at as 0 | 1));
    if (apart[0]! > tolerance) {
      throw new Error(`the first losses of ${one.label} are up to ${apart[0]} off: not the same networks`);
    }
    if (one.label.startsWith('PyTorch')) {
      const ratio = times.median / own;
      ratios.push(
        `${ratio.toFixed(1)} x ${one.label}${quick ? '' : ratio >= goal ? ' (reached)' : ' (not reached)'}`,
      );
    }
    const ms = ((1000 * times.median) / steps / networks).toFixed(2);
    const notes = [
      `${ms} ms per step and network`,
      one.detail,
      ...(one === first
        ? []
        : [
            `losses up to ${apart[0]!.toExponential(0)} off in the first 50 steps, ${apart[1]!.toExponential(0)} in the last`,
          ]),
    ];
    return { name: `${label}: ${one.label}`, ...times, note: notes.join('; ') };
  });
  const [replicas, ...others] = rows as [BenchRow, ...BenchRow[]];
  const start = medianOf(known.map((one) => one.start));
  const note = [...ratios, replicas.note, `${start.toFixed(2)} s until the first step`].join('; ');
  return [{ ...replicas, ...(quick ? {} : { goal: `${goal} x as fast as PyTorch` }), note }, ...others];
}

function differ(one: ReplicasAnswer, other: ReplicasAnswer, at: 0 | 1): number {
  return Math.max(...one.losses.map((losses, index) => Math.abs(losses[at] - other.losses[index]![at])));
}
