import { HeldoutError } from '../core/errors.js';
import type { Repository } from './compose/search-path.js';
import { printOverride, printTarget } from './overrides/printer.js';
import { listNames, suggest } from './suggestions.js';
import { type Axis, expandValues, flattenParams, type Point } from './sweep.js';
import { formatPlace, type MapNode, nodeAt } from './tree.js';

/**
 * The points of a sweep without those of `sweep.without`: a list of maps, each of which leaves out the points that have
 * one of the named values on every axis that it names. Throws HeldoutError where a map names what is no axis, and where
 * no point is left.
 */
export function leaveOut(
  tree: MapNode,
  axes: readonly Axis[],
  points: readonly Point[],
  repository: Repository,
): readonly Point[] {
  const list = nodeAt(tree, ['sweep', 'without']);
  const maps = list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
  const rules = maps.map((map) => readRule(map, axes, repository));
  const kept = points.filter((point) => {
    const texts = new Map([...point].map(([key, { override }]) => [key, printOverride(override)]));
    return !rules.some((rule) => [...rule].every(([key, values]) => values.has(texts.get(key) ?? '')));
  });
  if (kept.length > 0) return kept;
  throw new HeldoutError({
    code: 'E_SWEEP_WITHOUT',
    message: 'sweep.without leaves no job',
    place: formatPlace(list!.place),
    hints: ["type 'sweep.without=[]' to leave nothing out"],
  });
}

/** The left-out values of each axis, as overrides. */
function readRule(
  map: MapNode,
  axes: readonly Axis[],
  repository: Repository,
): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = axes.map(({ key }) => key);
  return new Map(
    flattenParams(map, 'sweep.without').map((item) => {
      const key = printTarget(item.override);
      if (!keys.includes(key)) {
        throw new HeldoutError({
          code: 'E_SWEEP_WITHOUT',
          message: `sweep.without names '${key}', which is not an axis of this sweep`,
          place: formatPlace(item.place),
          hints: [...suggest(key, keys), `axes are ${listNames(keys)}`],
        });
      }
      const values = expandValues(item, 0, repository);
      return [key, new Set(values.map(({ override }) => printOverride(override)))] as const;
    }),
  );
}
