/** Parameters that an optimiser updates with numbers of their own, and in their own turn. */
export interface UpdateGroup {
  readonly name: string;
  /** How their names begin; `''` takes what no other group does. */
  readonly prefix: string;
  /** In place of the optimiser's own. */
  readonly beta1?: number | undefined;
  readonly beta2?: number | undefined;
  readonly weight_decay?: number | undefined;
  /**
   * The learning rate of step number `step`, from 1, in place of the optimiser's own; a schedule changes it by the same
   * factor.
   */
  learningRate?(step: number): number | undefined;
  /** Updates one after another within a step; 1 unless told. */
  readonly times?: number | undefined;
  /**
   * How many of the first `steps` steps are its turn, which all are unless told. In the others the parameters and what the
   * optimiser keeps of them stay as they are, and these updates do not count.
   */
  turns?(steps: number): number;
}

/** The first group whose parameters have this name; the most particular ones stand first. */
export function groupOf<Group extends Pick<UpdateGroup, 'prefix' | 'name'>>(
  groups: readonly Group[],
  parameter: string,
): Group {
  const found = groups.find(({ prefix }) => parameter.startsWith(prefix));
  if (found === undefined) {
    throw new Error(`${parameter} is in none of the groups ${groups.map(({ name }) => name).join(', ')}`);
  }
  return found;
}
