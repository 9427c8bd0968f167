/** Pixels as they are drawn: of two channels the first is shown red, the second green. */
export function showPixels(
  values: Float32Array,
  channels: number,
): { readonly channels: 1 | 3; readonly pixels: Uint8Array } {
  const bytes = Uint8Array.from(values, (value) => Math.round(255 * value));
  if (channels !== 2) return { channels: channels === 3 ? 3 : 1, pixels: bytes };
  const pixels = new Uint8Array((values.length / 2) * 3);
  for (let at = 0; at < bytes.length; at++) pixels[3 * (at >> 1) + (at & 1)] = bytes[at]!;
  return { channels: 3, pixels };
}
