import { describeAge, measureOnce } from '../kept.js';
import { type BenchOptions, say } from '../options.js';
import { type BenchRow, describeTimes, type Row } from '../row.js';
import { MeasuringProcess } from '../steps/process.js';
import { peerCommand, type SweepSize, worker } from './sweeps.js';
import type { EvaluationAnswer } from './worker.js';

/** Heldout's time over PyTorch's. */
const goal = 0.8;

/** The digit CNN over all images in batches of 128, all threads, without a training before it. */
export async function benchEvaluation(
  size: SweepSize,
  python: string | undefined,
  options: BenchOptions,
): Promise<Row[]> {
  const { images, repeats } = size;
  const name = `evaluation of ${images.toLocaleString('en-US')} synthetic digit images`;
  const measure = async (key: string, label: string, command: readonly [string, string[]]) => {
    const kept = await measureOnce(`sweep-evaluation-${key}`, { images, repeats }, options, async () => {
      say(`${name}, ${label}`);
      const [measuring] = await MeasuringProcess.start(...command);
      try {
        return (await measuring.ask({ repeats })) as unknown as EvaluationAnswer;
      } finally {
        measuring.end();
      }
    });
    const age = describeAge(kept).replace(/^, /, '');
    const times = describeTimes(kept.value.times, 's');
    return { name: `${name}, ${label}`, ...times, ...(age && { note: age }) } satisfies BenchRow;
  };
  const heldout = await measure('heldout', 'Heldout', worker('auto', images, 1));
  if (python === undefined) return [heldout];
  const peer = await measure('pytorch', 'PyTorch', peerCommand(python, images));
  const verdict = describeRatio(heldout.median / peer.median, goal, options.quick);
  const note = [verdict, heldout.note].filter(Boolean).join('; ');
  const asked = options.quick ? {} : { goal: `≤ ${goal} × PyTorch` };
  return [{ ...heldout, ...asked, note }, peer];
}

/** Heldout's time over PyTorch's, and what becomes of the goal; a short form has none. */
export function describeRatio(ratio: number, limit: number, quick: boolean): string {
  const verdict = quick ? '' : ` (${ratio <= limit ? 'reached' : 'not reached'})`;
  return `${ratio.toFixed(2)} × PyTorch${verdict}`;
}
