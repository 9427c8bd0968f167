import type { NamedArray, NamedArrays } from '../../engine/engine.js';

/** Scalars of an update, by name. */
export type Scalars = Readonly<Record<string, number>>;
/** Random numbers of an update, by name. */
export type Draws = Readonly<Record<string, Nested>>;
export type Nested = number | readonly Nested[];

/** How a case of the reference numbers is trained here. */
export interface Plan {
  /** Its `objective` section; the name is that of the case unless told. */
  readonly objective?: object;
  /** Whether inputs are images. */
  readonly images?: boolean;
  /** Of the optimiser; Adam's betas and the rate of the reference unless told. */
  readonly optimizer?: object;
  /** Parameters that start as another one does, by their names there. */
  readonly copies?: Readonly<Record<string, string>>;
  /**
   * The arrays there by names and in shapes of here, which are the same unless told. A name that is neither the net's nor
   * that of something carried on is one of the objective's parts.
   */
  translate?(arrays: NamedArrays): NamedArrays;
  /** What is told as the loss here, of the scalars there; `loss` unless told. */
  loss?(scalars: Scalars): number;
  /** The random numbers of update `t`, from 0, by names of the batch; the same as there unless told. */
  draws?(draws: Draws, t: number): NamedArrays;
  /** The name here of what is carried on, by its name there. */
  readonly state?: Readonly<Record<string, string>>;
}

export function vector(data: Float32Array | Int32Array): NamedArray {
  return { shape: [data.length], data };
}

/** Numbers in rows of equal length, as float32. */
export function rows(values: readonly (readonly number[])[]): NamedArray {
  return { shape: [values.length, values[0]!.length], data: Float32Array.from(values.flat()) };
}

/** A translation that changes names alone. */
export function renamed(rename: (name: string) => string): Required<Plan>['translate'] {
  return (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [rename(name), array]));
}
