import { cpus } from 'node:os';
import { monotonicSeconds } from '../../core/clock.js';
import { recallChoice, rememberChoice } from '../../core/files/choices.js';
import { isJsonObject } from '../../core/json.js';
import { tensorFlow } from '../backends/tensorflow-backend.js';
import type { NamedArrays } from '../engine.js';
import type { ResidentData } from '../resident.js';
import { loadProgram, type Program } from './graph/program.js';
import type { Part } from './recording/recording.js';

export interface ProgramChoice {
  readonly program: Program;
  readonly xla: boolean;
  /** Steps that the program makes in one call of `runMany`; 1: it has none. */
  readonly repeat: number;
}

export interface StepExample {
  readonly state: NamedArrays;
  readonly inputs: NamedArrays;
  /** How often the step will run, where that is known. */
  readonly steps?: number | undefined;
  /** What rows of the inputs are taken of, where that is resident; the program that is chosen holds it, too. */
  readonly sample?: Pick<ResidentData, 'arrays' | 'examples'> | undefined;
}

/** A training shorter than this is over before a trial has paid. */
const worthwhileSeconds = 120;
/** XLA must gain at least this share, since it takes its time at every start. */
const leastGain = 0.05;

/**
 * Loads a step with XLA or without; `auto` tries both where training takes minutes, and remembers on this machine
 * which was faster. A step that takes less time than the calls around it is made several times in one. The program
 * holds `state`, and TensorFlow has optimised it.
 */
export function chooseProgram(
  part: Part,
  setting: 'auto' | 'on' | 'off',
  example: StepExample,
): ProgramChoice {
  const first = prepareProgram({ ...part, xla: setting === 'on' }, example);
  const start = { program: first, xla: setting === 'on', repeat: 1 };
  const once = timeSteps(first, example, 1);
  if (once < tinySeconds) return repeatStep(part, start, example);
  if (setting !== 'auto' || once * (example.steps ?? 0) < worthwhileSeconds) return start;
  const known = recall(part);
  if (known === false) return start;
  const compiled = tryProgram({ ...part, xla: true }, example);
  const faster = compiled !== undefined && (known ?? isFaster(compiled, first, example));
  if (known === undefined) rememberChoice(circumstancesOf(part), { xla: faster });
  (faster ? first : compiled)?.dispose();
  return faster ? { program: compiled, xla: true, repeat: 1 } : start;
}

function isFaster(program: Program, than: Program, example: StepExample): boolean {
  return timeSteps(program, example) < timeSteps(than, example) * (1 - leastGain);
}

/** Below this the calls around a step are more than a tenth of it. */
const tinySeconds = 0.0005;
const stepsAtOnce = 8;

function repeatStep(part: Part, { program, xla }: ProgramChoice, example: StepExample): ProgramChoice {
  if ((example.steps ?? 0) < 100 * stepsAtOnce) return { program, xla, repeat: 1 };
  program.dispose();
  const repeated = prepareProgram({ ...part, xla, repeat: stepsAtOnce }, example);
  return { program: repeated, xla, repeat: stepsAtOnce };
}

/** Runs one step, which lets TensorFlow optimise the graph and shows that it can run it, and takes it back. */
function prepareProgram(part: Part, { state, inputs, sample }: StepExample): Program {
  const program = loadProgram(part);
  try {
    if (sample !== undefined) program.hold([sample]);
    program.assign(state);
    program.run(inputs);
    program.assign(state);
    return program;
  } catch (error) {
    program.dispose();
    throw error;
  }
}

/** What XLA cannot compile is no error as long as it was not asked for. */
function tryProgram(part: Part, example: StepExample): Program | undefined {
  try {
    return prepareProgram(part, example);
  } catch {
    return undefined;
  }
}

/** Seconds of the fastest of a few steps; the state is as before. */
function timeSteps(program: Program, { state, inputs }: StepExample, repeats = 5): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = monotonicSeconds();
    program.run(inputs);
    fastest = Math.min(fastest, monotonicSeconds() - start);
  }
  program.assign(state);
  return fastest;
}

/** The choice for this step on this machine and with these threads, if it was made before. */
function recall(part: Part): boolean | undefined {
  const found = recallChoice(circumstancesOf(part));
  return isJsonObject(found) && typeof found.xla === 'boolean' ? found.xla : undefined;
}

function circumstancesOf({ recording, state, inputs, precision }: Part) {
  const ops = recording.ops.map(({ op, attributes, inputs: sources }) => [op, attributes, sources]);
  const machine = [cpus()[0]?.model ?? '', process.env.TF_NUM_INTRAOP_THREADS ?? cpus().length];
  const { binding, isUsingGpuDevice } = tensorFlow();
  return {
    ops,
    state,
    inputs,
    precision: precision ?? null,
    machine,
    version: binding.TF_Version,
    gpu: isUsingGpuDevice,
  };
}
