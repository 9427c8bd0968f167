/** Of batches that are made of environments. */
export interface BatchSizes {
  readonly environments: number;
  /** Of each environment. */
  readonly examples: number;
  /** Features of the model, where it has them. */
  readonly width: number;
  /** Of the target. */
  readonly classes?: number;
}
