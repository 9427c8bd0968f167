import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Within the loss, in its gradients, or in the optimiser. */
export type Phase = 'forward' | 'backward' | 'update';

export interface CallTensor {
  /** Equal for tensors that share their values. */
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** One op that a step executed. */
export interface Call {
  readonly op: string;
  readonly phase: Phase;
  readonly inputs: readonly CallTensor[];
  readonly outputs: readonly CallTensor[];
  /** Inputs of the larger ops that this one is a part of, the innermost first, as ids. */
  readonly groups: readonly (readonly number[])[];
  /** Without what it called itself. */
  readonly milliseconds: number;
}

/** All ops of one step, and where the parameters were. */
export interface StepCalls {
  readonly calls: readonly Call[];
  /** Names of the parameters by id. */
  readonly parameters: ReadonlyMap<number, string>;
  /** The parameter that a tensor is the gradient of, by id. */
  readonly gradients: ReadonlyMap<number, string>;
  /** Ids of the tensors of the batch. */
  readonly batch: ReadonlySet<number>;
}

/** Writes down the ops of one step. */
export class CallLog implements StepCalls {
  readonly calls: Call[] = [];
  readonly parameters = new Map<number, string>();
  readonly gradients = new Map<number, string>();
  readonly batch = new Set<number>();
  phase: Phase = 'forward';
  readonly #ids = new WeakMap<object, number>();
  readonly #groups: (readonly number[])[] = [];
  #next = 0;

  idOf({ dataId }: Pick<TensorInfo, 'dataId'>): number {
    const known = this.#ids.get(dataId);
    if (known !== undefined) return known;
    this.#ids.set(dataId, this.#next);
    return this.#next++;
  }

  enter(inputs: readonly TensorInfo[]): void {
    this.#groups.unshift(inputs.map((input) => this.idOf(input)));
  }

  leave(): void {
    this.#groups.shift();
  }

  note(
    op: string,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    milliseconds: number,
  ): void {
    this.calls.push({
      op,
      phase: this.phase,
      inputs: inputs.map((tensor) => this.#describe(tensor)),
      outputs: outputs.map((tensor) => this.#describe(tensor)),
      groups: [...this.#groups],
      milliseconds,
    });
  }

  #describe(tensor: TensorInfo): CallTensor {
    return { id: this.idOf(tensor), shape: [...tensor.shape], dtype: tensor.dtype };
  }
}
