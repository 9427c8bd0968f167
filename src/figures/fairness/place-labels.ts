import { loadTextMeasure } from '../font-metrics.js';

/** Something that has a place in a panel, in points from its upper left corner. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends Spot {
  readonly text: string;
  /** Whether it stands away from its mark, so that a thin line must lead there. */
  readonly away: boolean;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const gap = 3;

/**
 * Puts a label beside each mark, first come first served: of places around it and farther off, the one that covers least of
 * other labels and of marks, and lies in the panel. Places are middles of texts.
 */
export function placeLabels(
  marks: readonly (Spot & { readonly text: string })[],
  others: readonly Spot[],
  { width, height, size, radius = 4 }: { width: number; height: number; size: number; radius?: number },
): PlacedLabel[] {
  const measure = loadTextMeasure();
  const taken: Box[] = [...marks, ...others].map(({ x, y }) => boxOf(x, y, 2 * radius, 2 * radius));
  const panel = { left: 0, top: 0, right: width, bottom: height };
  return marks.map(({ x, y, text }) => {
    const [wide, high] = [measure(text, size), size];
    const places = [1, 2.2, 3.4, 4.6].flatMap((times) => {
      const across = wide / 2 + gap + radius * times;
      const upright = high / 2 + gap + radius * times - 2;
      return [
        [0, -upright],
        [0, upright],
        [across, 0],
        [-across, 0],
        [across, -upright],
        [-across, -upright],
        [across, upright],
        [-across, upright],
      ].map(([dx, dy]) => ({ x: x + dx!, y: y + dy!, away: times > 1 }));
    });
    const costs = places.map((place, rank) => {
      const box = boxOf(place.x, place.y, wide, high);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      return covered + 5 * (wide * high - overlap(box, panel)) + 0.05 * rank;
    });
    const best = places[costs.indexOf(Math.min(...costs))]!;
    taken.push(boxOf(best.x, best.y, wide, high));
    return { text, ...best };
  });
}

function boxOf(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

function overlap(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const upright = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return across > 0 && upright > 0 ? across * upright : 0;
}
