/** A colour as bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** From none to all: white to the palette's blue to nearly black, so that it also grows in grey. */
const stops: readonly Rgb[] = [
  [255, 255, 255],
  [0, 114, 178],
  [0, 24, 48],
];

/** The colour of a share from 0 to 1. */
export function heatOf(share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(place));
  return mix(stops[first]!, stops[first + 1]!, place - first);
}

/** `share` of the second colour in the first. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (channel: 0 | 1 | 2) => Math.round(a[channel] + share * (b[channel] - a[channel]));
  return [at(0), at(1), at(2)];
}
