import type { ExperimentConfig } from '../../config/index.js';
import type { Measured } from '../../protocols/trial.js';
import type { Trial } from './trials.js';

/** `1 and 2 threads, 1, 4 and 16 runs together, for mlp`. */
export function describeTrial({ jobs, probes }: Trial): string {
  const threads = unique(probes.filter(({ sizes }) => sizes.includes(1)).map((probe) => probe.threads));
  const sizes = unique(probes.flatMap((probe) => probe.sizes));
  const parts = [
    ...(threads.length > 1 ? [`${list(threads)} threads`] : []),
    ...(sizes.length > 1 ? [`${list(sizes)} runs together`] : []),
  ];
  return `${parts.join(', ')}, for ${modelOf(jobs[0])}`;
}

/** What a trial found: a sentence on threads, a sentence on replicas. */
export function describeFindings(
  { jobs }: Trial,
  measured: readonly Measured[],
  chosen: { readonly threads: number; readonly replicas: number },
): string[] {
  const model = modelOf(jobs[0]);
  const alone = measured.filter(({ replicas }) => replicas === 1);
  const fastest = alone.reduce((best, one) => (one.seconds < best.seconds ? one : best));
  const together = measured.filter(({ replicas }) => replicas > 1);
  const found: string[] = [];
  if (alone.length > 1 && chosen.replicas === 1) {
    const times = alone.map(({ threads, seconds }) => `${milliseconds(seconds)} with ${threads}`);
    const what = `threads of one run ${chosen.threads}: a step takes ${times.join(', ')}`;
    found.push(`${model}: ${what} (one must be a fifth faster)`);
  }
  if (together.length > 0) {
    const times = together.map(({ replicas, seconds }) => `${milliseconds(seconds)} as one of ${replicas}`);
    const what = chosen.replicas === 1 ? 'replicas do not pay' : `${chosen.replicas} replicas`;
    const all = [`${milliseconds(fastest.seconds)} alone`, ...times];
    found.push(`${model}: ${what}, since a step of one run takes ${all.join(', ')}`);
  }
  return found;
}

function modelOf({ config }: Trial['jobs'][0]): string {
  return (config as unknown as ExperimentConfig).model.name;
}

function milliseconds(seconds: number): string {
  return `${Number((seconds * 1000).toPrecision(2))} ms`;
}

function list(values: readonly number[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}
