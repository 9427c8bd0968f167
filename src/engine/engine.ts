import type { Tensor } from '@tensorflow/tfjs-core';
import type { Precision } from './backends/options.js';
import type { ResidentData } from './resident.js';

export type TensorMap = Readonly<Record<string, Tensor>>;
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** Everything that a training step changes: enough to continue bit for bit. */
export interface TrainState {
  readonly parameters: NamedArrays;
  /** Optimiser slots, `<parameter>/m`, `<parameter>/v`, and the state of a loss scaling. */
  readonly slots: NamedArrays;
  /** Updates made so far. */
  readonly step: number;
}

/**
 * Numbers that enter a step as inputs, so that a schedule costs nothing and replicas can differ in them:
 * the learning rate, and whatever else the loss or the optimiser takes by name (penalty weights, temperatures).
 */
export interface StepInputs {
  readonly learningRate: number;
  readonly [name: string]: number;
}

/** A number of a step: plain where the step runs eagerly, a scalar tensor where it is recorded. */
export type Quantity = number | Tensor;
export type Quantities = Readonly<Record<string, Quantity>>;

/** How an optimiser updates one parameter; slots start at zero. Elementwise, pure. */
export interface Optimizer {
  readonly slots: readonly string[];
  /** The slot that takes the place of a trained parameter in inference, from the first update on. */
  readonly averageSlot?: string;
  /** What the updates of one step take besides tensors, in double precision; `step` counts from 1. */
  numbers(inputs: StepInputs, step: number): Readonly<Record<string, number>>;
  /** Changes all gradients together before the updates: clipping by their common norm. */
  transform?(gradients: TensorMap, numbers: Quantities): TensorMap;
  update(
    parameter: Tensor,
    gradient: Tensor,
    slots: TensorMap,
    numbers: Quantities,
    /** Of the parameter. */
    name?: string,
    /** Which update of it within one step, from 0. */
    place?: number,
  ): { readonly parameter: Tensor; readonly slots: TensorMap };
  /** The slots that follow a parameter, once a step has made all its updates of it. Elementwise, pure. */
  follow?(parameter: Tensor, slots: TensorMap, numbers: Quantities): TensorMap;
}

/** A loss that also changes frozen parameters: running statistics of batches. */
export interface LossWithStatistics {
  /** A scalar. */
  readonly loss: Tensor;
  /** New values of frozen parameters, by name. */
  readonly statistics: TensorMap;
}

/** A second loss, against which the parameters are trained that the first one depends on. */
export interface Opposition {
  /** Names of parameters on which only this loss depends, and which descend it. */
  readonly parameters: readonly string[];
  /** Pure, and a scalar, as the first one. */
  loss(parameters: TensorMap, batch: TensorMap, numbers: Quantities): Tensor;
  /** What the other parameters descend, of the gradients of the first and of this loss, by name; linear in their scale. */
  combine(gradients: TensorMap, opposing: TensorMap, numbers: Quantities): TensorMap;
}

/** What a step of one's own is made with: see `OwnStep`. */
export interface StepTools {
  /** Names of the parameters that are trained, in their order. */
  readonly trained: readonly string[];
  /** Value and gradients of a scalar in some of the parameters, at values of one's own where they are given. */
  differentiate(
    names: readonly string[],
    parameters: TensorMap,
    loss: (parameters: TensorMap) => Tensor,
  ): { readonly value: Tensor; readonly gradients: TensorMap };
  /**
   * The optimiser's update of the parameters that have a gradient, with their slots; all others stay.
   * @param place Which update of these parameters within the step, from 0.
   */
  update(
    state: { readonly parameters: TensorMap; readonly slots: TensorMap },
    gradients: TensorMap,
    numbers: Quantities,
    place?: number,
  ): { readonly parameters: TensorMap; readonly slots: TensorMap };
}

/**
 * A whole update in place of the usual one (loss, gradients, optimiser): several in a row, in turn, or of gradients that
 * no single loss has. Pure.
 */
export type OwnStep = (
  tools: StepTools,
  state: { readonly parameters: TensorMap; readonly slots: TensorMap },
  batch: TensorMap,
  numbers: Quantities,
) => { readonly parameters: TensorMap; readonly slots: TensorMap; readonly loss: Tensor };

export interface TrainerOptions {
  readonly parameters: NamedArrays;
  readonly optimizer: Optimizer;
  /** Names of parameters that are not trained. */
  readonly frozen?: readonly string[];
  /** Pure: parameters and one batch to a scalar loss; `numbers` holds the step's inputs. */
  loss(parameters: TensorMap, batch: TensorMap, numbers: Quantities): Tensor | LossWithStatistics;
  readonly opposition?: Opposition;
  /** Takes the place of the usual step, and of what the loss would have been for; no loss is scaled. */
  readonly ownStep?: OwnStep | undefined;
  /** How many updates will be made, where that is known: what takes its time to choose must be worth it. */
  readonly steps?: number;
  /** What batches are made of, where all of it is at hand: it may be kept on the device. */
  readonly resident?: ResidentData;
  /** Whether the loss is scaled for gradients in float16; the scale is a part of the state. */
  readonly lossScaling?: boolean;
  /** Hears why something is slower than it could be. */
  warn?(message: string): void;
}

/** How the steps of a trainer are executed: what a run needs to repeat its own bits. */
export interface Execution {
  /** As one TensorFlow graph, or op by op. */
  readonly compiled: boolean;
  /** Whether XLA compiles what it can of the graph. */
  readonly xla: boolean;
  /** Megabytes of training data on the device, of which steps take rows (`batchOfRows`); 0: batches are fed. */
  readonly resident: number;
}

/** A pure function of the parameters and a batch. */
export type Apply = (parameters: TensorMap, batch: TensorMap) => TensorMap;

/** The batch and the inputs of one of several updates; the batch is used before the next one is asked for. */
export type StepAt = (index: number) => { readonly batch: NamedArrays; readonly inputs: StepInputs };

/** Several updates in one call, for steps that take less time than a call does. */
export interface SeveralSteps<Losses = readonly number[]> {
  /** Fewest and most updates in one call. */
  readonly least: number;
  readonly most: number;
  /** Makes `count` updates, as `at(0)`, `at(1)` .. say; returns the loss before each. */
  run(count: number, at: StepAt): Losses;
}

/** Trains: keeps parameters and slots on the device between steps, and frees everything else. */
export interface Trainer {
  /**
   * Makes ready for steps on such batches and says how they will run; the first step does it otherwise. Where data
   * are resident, all steps take rows of them.
   */
  prepare(batch: NamedArrays, inputs: StepInputs): Execution;
  /** One update; returns the loss before it. Batches keep their shapes from step to step. */
  step(batch: NamedArrays, inputs: StepInputs): number;
  /** Once prepared, where it pays; to the bit what single steps compute. */
  several?(): SeveralSteps | undefined;
  state(): TrainState;
  restore(state: TrainState): void;
  /** Copies of these parameters. */
  read(names: readonly string[]): NamedArrays;
  /** Sets frozen parameters, of which no step changes the statistics. */
  write(parameters: NamedArrays): void;
  /**
   * Prepares a pure function of the current parameters, or of their averages where the optimiser keeps them,
   * without gradients; it may be called any time.
   */
  inference(apply: Apply): (batch: NamedArrays) => NamedArrays;
  dispose(): void;
}

/** A trainer whose steps may wait for others, to be run with theirs. */
export interface SharedTrainer extends Omit<Trainer, 'step' | 'several'> {
  step(batch: NamedArrays, inputs: StepInputs): number | Promise<number>;
  several?(): SeveralSteps<readonly number[] | Promise<readonly number[]>> | undefined;
}

/**
 * Replicas: trainers whose steps run side by side in one graph. Each has its own parameters, numbers and batches,
 * and computes what it would compute alone.
 */
export interface ReplicaGroup {
  /** At most as many as the group was made for. */
  createTrainer(options: TrainerOptions): SharedTrainer;
  /** For a member that will not make a trainer, or no more steps: the others do not wait for it. */
  leave(): void;
}

/** A started backend. */
export interface Engine {
  readonly tier: 'tensorflow' | 'wasm';
  /** Threads of one op; the last bits of a result may depend on them. */
  readonly threads: number;
  readonly precision: Precision;
  /** One line per fact: device, version, threads, why the better tiers were not taken. */
  readonly notes: readonly string[];
  createTrainer(options: TrainerOptions): Trainer;
  /** A group of so many trainers; absent where steps cannot be put together. */
  createReplicas?(size: number): ReplicaGroup;
}
