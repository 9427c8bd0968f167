import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { PlannedJob } from './plan.js';
import { isWithoutEngine } from './without-engine.js';

/** What may differ between replicas, besides the seed and the split: numbers that enter a step as inputs. */
const numericSections = ['objective', 'training'] as const;

/** As many as make the overhead of a step small where steps are, where no trial says how many. */
export const usualReplicas = 4;

/**
 * Puts jobs that can be trained together into batches of at most `size`, in the order of their first ones.
 * Replicas differ in seed, split and numeric hyper-parameters only: model, dataset, shapes of batches and what is
 * optimised are the same.
 */
export function batchReplicas<T extends { readonly job: PlannedJob }>(
  jobs: readonly T[],
  size: number | ((job: PlannedJob) => number),
): readonly (readonly [T, ...T[]])[] {
  const batches: [T, ...T[]][] = [];
  const open = new Map<string, [T, ...T[]]>();
  const most = typeof size === 'number' ? () => size : size;
  for (const item of jobs) {
    const key = replicaKey(item.job);
    const batch = key === undefined ? undefined : open.get(key);
    if (batch !== undefined && batch.length < most(item.job)) {
      batch.push(item);
      continue;
    }
    const fresh: [T, ...T[]] = [item];
    batches.push(fresh);
    if (key !== undefined) open.set(key, fresh);
  }
  return batches;
}

/** Equal for jobs that can be replicas of each other; undefined for those that do not train. */
export function replicaKey(job: PlannedJob): string | undefined {
  if (isWithoutEngine(job)) return undefined;
  const { seed: _seed, split, ...rest } = job.config as JsonObject;
  const training = isJsonObject(rest.training) ? rest.training : {};
  // As many environments as a split leaves make a batch.
  const environments = training.environments === undefined ? null : withoutNumbers(split);
  const shared = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      (numericSections as readonly string[]).includes(name) ? withoutNumbers(value) : value,
    ]),
  );
  return canonicalJson({ ...shared, batch_size: training.batch_size ?? null, environments });
}

/** Equal for jobs whose steps take equally long: what a step computes, but for the numbers that enter it. */
export function stepKey({ config }: PlannedJob): Json {
  const { dataset, model, objective, training } = config as JsonObject;
  const { batch_size = null } = isJsonObject(training) ? training : {};
  const engine = isJsonObject(config.engine) ? config.engine : {};
  return [
    ...[dataset ?? null, model ?? null, batch_size],
    ...[withoutNumbers(objective), withoutNumbers(training)],
    ...['compile', 'xla', 'precision'].map((name) => engine[name] ?? null),
  ];
}

function withoutNumbers(value: Json | undefined): Json {
  if (typeof value === 'number') return 'number';
  if (Array.isArray(value)) return value.map(withoutNumbers);
  if (!isJsonObject(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNumbers(item)]));
}
