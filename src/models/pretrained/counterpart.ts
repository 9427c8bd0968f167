/** How an array of PyTorch's becomes a parameter here. */
export type Layout =
  /** As it is, but for leading axes of one. */
  | 'same'
  /** `[out, in]` to `[in, out]`. */
  | 'dense'
  /** `[out, in, height, width]` to `[height, width, in, out]`. */
  | 'convolution';

/** Where a parameter stands in a file with the names of timm or torchvision. */
export interface Counterpart {
  readonly name: string;
  readonly layout: Layout;
  /** Which of how many equal parts of the first axis it is. */
  readonly part?: readonly [at: number, of: number];
}

/** A parameter, and where the file has it. */
export interface Own {
  readonly name: string;
  readonly shape: readonly number[];
  readonly there: Counterpart;
}

/** An opened file of weights. */
export interface WeightsFile {
  readonly path: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  read(name: string): Float32Array;
}

/** The shape of the array that a parameter comes from. */
export function shapeThere(shape: readonly number[], { layout, part }: Counterpart): readonly number[] {
  const times = part?.[1] ?? 1;
  switch (layout) {
    case 'same':
      return [shape[0]! * times, ...shape.slice(1)];
    case 'dense':
      return [shape[1]! * times, shape[0]!];
    case 'convolution':
      return [shape[3]! * times, shape[2]!, shape[0]!, shape[1]!];
  }
}

/** The numbers of a parameter of this shape, from those of its counterpart. */
export function arrange(
  data: Float32Array,
  shape: readonly number[],
  { layout, part = [0, 1] }: Counterpart,
): Float32Array {
  const size = data.length / part[1];
  const own = data.subarray(part[0] * size, (part[0] + 1) * size);
  if (layout === 'same') return own.slice();
  // `[out, in · places]` to `[places, in, out]`, of which a dense layer has one place.
  const outputs = shape.at(-1)!;
  const inputs = shape.at(-2)!;
  const places = size / outputs / inputs;
  const arranged = new Float32Array(size);
  for (let output = 0, from = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < places; place++) {
        arranged[(place * inputs + input) * outputs + output] = own[from++]!;
      }
    }
  }
  return arranged;
}
