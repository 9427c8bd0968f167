import { HeldoutError } from '../core/errors.js';
import { isGroupOverride } from './compose/group-overrides.js';
import type { Repository } from './compose/search-path.js';
import type { PlacedOverride } from './overrides/apply.js';
import { parseOverride, placeError } from './overrides/parser.js';
import { printOverride, printTarget } from './overrides/printer.js';
import { rangeValues } from './overrides/ranges.js';
import { shuffleWith } from './overrides/shuffle.js';
import { type ElementValue, isSweep, type Override, type SweepValue } from './overrides/value.js';
import { mapTogether } from './together.js';
import { childOf, formatPlace, type MapNode, type Node, nodeAt } from './tree.js';

const MOST_JOBS = 100_000;

/** One thing that a multirun varies, and the overrides that it takes in turn. */
export interface Axis {
  /** `model`, `training.steps`, `dataset@train`. */
  readonly key: string;
  readonly values: readonly PlacedOverride[];
}

/** Reads the command line's overrides; `number` counts from 1. Throws all errors at once. */
export function parseArguments(texts: readonly string[]): PlacedOverride[] {
  const places = texts.map((text, index) => ({ kind: 'argument', number: index + 1, text }) as const);
  return [
    ...mapTogether(places, (place) => {
      try {
        return { override: parseOverride(place.text), place };
      } catch (error) {
        throw placeError(error, formatPlace(place));
      }
    }),
  ];
}

/** Refuses sweeps where one job is wanted, with Hydra's three ways out. */
export function refuseSweeps(overrides: readonly PlacedOverride[]): void {
  for (const { override, place } of overrides) {
    if (!isSweep(override.value)) continue;
    const text = place.kind === 'argument' ? place.text : printOverride(override);
    const key = printTarget(override);
    const simple = override.value.type === 'choice' && override.value.simple;
    throw new HeldoutError({
      code: 'E_SWEEP_AMBIGUOUS',
      message: simple
        ? `Ambiguous value for argument '${text}'`
        : `Sweep parameters '${text}' requires --multirun`,
      place: formatPlace(place),
      hints: simple
        ? [
            `1. To use it as a list, use '${key}=[value1,value2]'`,
            `2. To use it as string, quote the value: '${key}="value1,value2"'`,
            '3. To sweep over it, add --multirun to your command line',
          ]
        : ['add --multirun to your command line'],
    });
  }
}

/** One job of a sweep: a value on each of its axes, by their keys. */
export type Point = ReadonlyMap<string, PlacedOverride>;

/**
 * The grids of a study: `sweep.params`, then each of `sweep.also`, every one with its own axes in their order and then
 * those of the command line. What the command line says of a key, a sweep or one value, takes the place of the axis;
 * where grids differ in the values of that axis, it picks those grids that have what it names.
 */
export function listGrids(
  tree: MapNode,
  typed: readonly PlacedOverride[],
  repository: Repository,
): readonly (readonly Axis[])[] {
  const seedNode = nodeAt(tree, ['sweep', 'seed']);
  const seed =
    seedNode?.kind === 'scalar' && Number.isSafeInteger(seedNode.value) ? Number(seedNode.value) : 0;
  const toAxis = (item: PlacedOverride): Axis => {
    return { key: printTarget(item.override), values: expandValues(item, seed, repository) };
  };
  let grids = readGrids(tree).map((params) => {
    params.forEach(refuseControl);
    return new Map(params.map((item) => [printTarget(item.override), toAxis(item)]));
  });
  for (const item of typed) {
    const swept = isSweep(item.override.value);
    if (swept) refuseControl(item);
    grids = placeTyped(grids, toAxis(item), swept);
  }
  const jobs = grids.reduce(
    (sum, axes) => sum + [...axes.values()].reduce((product, axis) => product * axis.values.length, 1),
    0,
  );
  if (jobs > MOST_JOBS) {
    throw new HeldoutError({
      code: 'E_SWEEP_SIZE',
      message: `the sweep has ${jobs} jobs, more than ${MOST_JOBS}`,
      hints: ['sweep over fewer keys or values at once'],
    });
  }
  return grids.map((axes) => [...axes.values()]);
}

type Grid = ReadonlyMap<string, Axis>;

function placeTyped(grids: readonly Grid[], typed: Axis, swept: boolean): Map<string, Axis>[] {
  const replace = (grid: Grid) =>
    swept || grid.has(typed.key) ? new Map([...grid, [typed.key, typed]]) : new Map(grid);
  const having = grids.filter((grid) => grid.has(typed.key));
  const textOf = ({ override }: PlacedOverride) => printOverride(override);
  const texts = new Set(typed.values.map(textOf));
  const named = (grid: Grid) => grid.get(typed.key)?.values.filter((item) => texts.has(textOf(item))) ?? [];
  const kinds = new Set(having.map((grid) => grid.get(typed.key)!.values.map(textOf).join('\n')));
  if (kinds.size < 2 || having.every((grid) => named(grid).length === 0)) {
    // An axis of some grids alone is theirs; one of none is the command line's own, and of all.
    return grids.map((grid) => (having.length > 0 && !grid.has(typed.key) ? new Map(grid) : replace(grid)));
  }
  return grids
    .filter((grid) => named(grid).length > 0)
    .map((grid) => new Map([...grid, [typed.key, { key: typed.key, values: named(grid) }]]));
}

/** The axes of all grids together, each with all its values. */
export function joinAxes(grids: readonly (readonly Axis[])[]): readonly Axis[] {
  const joined = new Map<string, Map<string, PlacedOverride>>();
  for (const { key, values } of grids.flat()) {
    const known = joined.get(key) ?? new Map<string, PlacedOverride>();
    for (const item of values) known.set(printOverride(item.override), item);
    joined.set(key, known);
  }
  return [...joined].map(([key, values]) => ({ key, values: [...values.values()] }));
}

/** Every combination of the values of each grid's axes: the last axis varies fastest. */
export function expandGrids(grids: readonly (readonly Axis[])[]): Point[] {
  return grids.flatMap((axes) =>
    axes.reduce<Point[]>(
      (rows, { key, values }) =>
        rows.flatMap((row) => values.map((value) => new Map([...row, [key, value]]))),
      [new Map()],
    ),
  );
}

function readGrids(tree: MapNode): PlacedOverride[][] {
  const params = nodeAt(tree, ['sweep', 'params']);
  const also = nodeAt(tree, ['sweep', 'also']);
  const first = params?.kind === 'map' ? flattenParams(params, 'sweep.params') : [];
  const others = also?.kind === 'list' ? also.items.filter((item) => item.kind === 'map') : [];
  return [first, ...others.map((map) => flattenParams(map, 'sweep.also'))];
}

/** `{training: {steps: "1,2"}}` means the same as `{training.steps: "1,2"}`; `within` is where it stands. */
export function flattenParams(params: MapNode, within: string, prefix = ''): PlacedOverride[] {
  return [...params.entries].flatMap(([name, node]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return node.kind === 'map' ? flattenParams(node, within, key) : [readParam(key, node, within)];
  });
}

function readParam(key: string, node: Node, within: string): PlacedOverride {
  const place = formatPlace(node.place);
  if (node.kind !== 'scalar' || node.value === null) {
    throw new HeldoutError({
      code: 'E_SWEEP_PARAM',
      message: `${within}.${key} must be written as on the command line, in one string`,
      place,
      hints: [`write ${key}: "0,1,2"`],
    });
  }
  try {
    return { override: parseOverride(`${key}=${node.value}`), place: node.place };
  } catch (error) {
    throw placeError(error, place);
  }
}

/** Keys that no axis may vary, with why: their values would not make different runs. */
const CONTROL: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['mode', 'sweep', 'launcher', 'study', 'paths'].map((key) => [
      key,
      'it belongs to the study, not to a job',
    ]),
  ),
  evaluation: 'a run has one evaluation, so its values do not make different runs',
  engine: 'it says how a run is computed, not what, so its values do not make different runs',
  'training.checkpoint_every': 'it moves no number, so its values do not make different runs',
};

function refuseControl({ override, place }: PlacedOverride): void {
  const path = override.key.replaceAll('/', '.');
  const reason = Object.entries(CONTROL).find(([key]) => path === key || path.startsWith(`${key}.`))?.[1];
  if (reason === undefined) return;
  throw new HeldoutError({
    code: 'E_SWEEP_CONTROL',
    message: `Sweeping over '${override.key}' is not supported: ${reason}`,
    place: formatPlace(place),
    hints: ['give it one value'],
  });
}

export function expandValues(item: PlacedOverride, seed: number, repository: Repository): PlacedOverride[] {
  const { override, place } = item;
  const { value } = override;
  if (!isSweep(value)) return [item];
  const values = listValues(item, value, repository);
  const shuffled = 'shuffle' in value && value.shuffle;
  const ordered = shuffled ? shuffleWith(seed, printTarget(override), values) : values;
  return ordered.map((element) => ({ override: { ...override, value: element }, place }));
}

function listValues(
  { override, place }: PlacedOverride,
  sweep: SweepValue,
  repository: Repository,
): readonly ElementValue[] {
  if (sweep.type === 'choice') return sweep.values;
  if (sweep.type === 'range') {
    const values = rangeValues(sweep);
    if (values.length > 0) return values;
    throw sweepError('the range is empty', override, place, []);
  }
  if (sweep.type === 'interval') {
    throw sweepError('BasicSweeper does not support sweep type : INTERVAL_SWEEP', override, place, [
      `give the values themselves: '${override.key}=range(0,1,0.25)' or '${override.key}=0.1,0.5'`,
    ]);
  }
  if (!isGroupOverride(override, repository)) {
    throw sweepError(
      `glob() takes the options of a group, and '${override.key}' is not one`,
      override,
      place,
      [],
    );
  }
  const options = repository.options(override.key);
  const matches = (name: string, globs: readonly string[]) =>
    globs.some((glob) => globPattern(glob).test(name));
  const chosen = options.filter((name) => matches(name, sweep.include) && !matches(name, sweep.exclude));
  if (chosen.length === 0) {
    throw sweepError('no option fits this pattern', override, place, [`options are ${options.join(', ')}`]);
  }
  return chosen.map((name) => ({ type: 'string', value: name }));
}

function sweepError(
  message: string,
  override: Override,
  place: PlacedOverride['place'],
  hints: readonly string[],
) {
  return new HeldoutError({
    code: 'E_SWEEP_VALUES',
    message: `${message}: ${printOverride(override)}`,
    place: formatPlace(place),
    hints,
  });
}

/** `*`, `?`, `[abc]`, `[!abc]`, as fnmatch reads them. */
function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(
    /\[(!?)([^\]]+)\]|[\s\S]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\\]^]/g, '\\$&')}]`;
      if (part === '*') return '.*';
      return part === '?' ? '.' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    },
  );
  return new RegExp(`^${source}$`, 's');
}

/** Value of a scalar key, if the tree has it. */
export function scalarAt(tree: MapNode, key: string): unknown {
  const node = childOf(tree, key);
  return node?.kind === 'scalar' ? node.value : undefined;
}
