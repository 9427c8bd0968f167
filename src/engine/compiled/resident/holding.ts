import { HeldoutError } from '../../../core/errors.js';
import type { NamedArrays } from '../../engine.js';
import { drawPrefix, type ResidentData, rowsInput } from '../../resident.js';
import type { Part, Signature } from '../recording/recording.js';
import { bytesOf, wordsOf } from './words.js';

/** Data that programs hold on the device, one after the other; members of a group share what has the same key. */
export interface Holding {
  /** The first row of the data among all that are held; undefined where they do not fit, or are none. */
  admit(data: ResidentData | undefined, batch: NamedArrays): number | undefined;
  /** All that are held. */
  sources(): readonly ResidentData[];
}

const megabyte = 1e6;

/** @param budget Bytes that may be held. */
export function createHolding(budget = () => Number.POSITIVE_INFINITY): Holding {
  const held = new Map<string, { readonly data: ResidentData; readonly first: number }>();
  let [rows, bytes] = [0, 0];
  /** Asked for once: what is held takes of the memory that is free. */
  let limit: number | undefined;
  return {
    admit(data, batch) {
      if (data === undefined) return undefined;
      checkArrays(data, batch);
      const known = held.get(data.key);
      if (known !== undefined) return known.first;
      limit ??= budget();
      const [some] = held.values();
      if (some !== undefined && layoutOf(some.data.arrays) !== layoutOf(data.arrays)) return undefined;
      if (bytes + bytesOf(data) > limit || rows + data.examples > mostRows) return undefined;
      const first = rows;
      held.set(data.key, { data, first });
      rows += data.examples;
      bytes += bytesOf(data);
      return first;
    },
    sources: () => [...held.values()].map(({ data }) => data),
  };
}

/** Row numbers are int32. */
const mostRows = 2 ** 31 - 1;

/** In megabytes, rounded up: what a run that goes on needs as its budget. */
export function megabytesOf(data: ResidentData): number {
  return Math.ceil(bytesOf(data) / megabyte);
}

/** Of `engine.resident_data`: `auto` is a share of the memory that is free, which others need, too. */
export function budgetInBytes(setting: 'auto' | 'off' | number, freeMemory: () => number): number {
  if (setting === 'off') return 0;
  return setting === 'auto' ? freeMemory() / 4 : setting * megabyte;
}

/** What of the arrays a graph depends on. */
export function layoutOf(arrays: ResidentData['arrays']): string {
  const entries = Object.entries(arrays).map(([name, stored]) => [
    name,
    stored.shape,
    wordsOf(stored),
    typeof stored.form === 'string' ? stored.form : [...stored.form.values],
  ]);
  return JSON.stringify(entries);
}

/** The part with rows of resident data in place of inputs. */
export function takeRows(part: Part, { arrays }: ResidentData, batchSize: number): Part {
  return { ...part, resident: { arrays, rows: { dtype: 'int32', shape: [batchSize] } } };
}

/** The same for a part that alone has the data: where every batch is all of them, as they lie. */
export function takeResident(part: Part, data: ResidentData, batchSize: number): Part {
  const taken = takeRows(part, data, batchSize);
  const whole =
    data.whole === true &&
    batchSize === data.examples &&
    Object.values(data.arrays).every(({ form }) => typeof form === 'string');
  return whole ? { ...taken, resident: { ...taken.resident!, whole } } : taken;
}

/** What is fed to a part. */
export function fedInputs({ inputs, resident }: Part): Readonly<Record<string, Signature>> {
  if (resident === undefined) return inputs;
  const others = Object.entries(inputs).filter(([name]) => !(name in resident.arrays));
  return { [rowsInput]: resident.rows, ...Object.fromEntries(others) };
}

/** Resident data are all that a batch has: throws where their names or shapes are others. */
function checkArrays({ arrays }: ResidentData, batch: NamedArrays): void {
  const shapes = (named: Readonly<Record<string, readonly number[]>>) =>
    Object.keys(named)
      .sort()
      .map((name) => `${name} [${named[name]!.join(', ')}]`)
      .join(', ');
  const own = shapes(mapShapes(arrays, (shape) => shape));
  const others = Object.entries(batch).filter(([name]) => !name.startsWith(drawPrefix));
  const fed = shapes(mapShapes(Object.fromEntries(others), (shape) => shape.slice(1)));
  if (own === fed) return;
  throw new HeldoutError({
    code: 'E_ENGINE_RESIDENT',
    message: `the examples of a batch are ${fed}, those of the resident data ${own}`,
    hints: ['engine.resident_data=off  (feeds every batch)'],
    exitCode: 1,
  });
}

function mapShapes<T extends { readonly shape: readonly number[] }>(
  record: Readonly<Record<string, T>>,
  map: (shape: readonly number[]) => readonly number[],
): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(record).map(([name, { shape }]) => [name, map(shape)]));
}
