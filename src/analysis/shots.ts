/** A model adapted to so many examples of each class, as records name it: `nac, shots=5, mode=full`. */
export interface ShotsLabel {
  /** The label without its shots. */
  readonly model: string;
  /** `all` is `Infinity`. */
  readonly shots: number;
}

const shotsPart = /^(?:.*\.)?shots=(\d+|all)$/;

/** Undefined for a model without shots. */
export function readShots(label: string): ShotsLabel | undefined {
  const parts = label.split(', ');
  const at = parts.findIndex((part) => shotsPart.test(part));
  if (at < 0) return undefined;
  const [, shots] = shotsPart.exec(parts[at]!)!;
  return {
    model: parts.filter((_, index) => index !== at).join(', '),
    shots: shots === 'all' ? Number.POSITIVE_INFINITY : Number(shots),
  };
}
