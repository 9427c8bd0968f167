/**
 * A named column with known levels: a generative factor, a group, an environment. `cyclic` levels are
 * ordered and close on themselves (an angle).
 */
export interface Variable {
  readonly name: string;
  readonly kind: 'categorical' | 'ordered' | 'cyclic';
  /** What each level means, by level index: a physical value or a name. */
  readonly levels: readonly (number | string)[];
}

/** A table of examples by their variables; level indices are 0 .. levels.length − 1. */
export interface VariableTable {
  /** Number of examples. */
  readonly size: number;
  readonly variables: readonly Variable[];
  /** Level index of every example, in example order. The array is shared: do not write to it. */
  column(name: string): Uint16Array;
  variable(name: string): Variable;
  /** Variables whose joint levels a stratified split keeps in proportion unless it is told others: target and groups. */
  readonly strata?: readonly string[];
  /** The variable whose levels are environments: what held-out environments and what is invariant over them speak of. */
  readonly environment?: string;
  /** Environments that show the same examples anew: who is trained on one of them has seen the others. */
  readonly copies?: readonly (number | string)[];
  /** The variable whose levels are the classes that a model is asked for. */
  readonly label?: string;
  /** What was decided when the table was made, a sentence each. */
  readonly notes?: readonly string[];
}
