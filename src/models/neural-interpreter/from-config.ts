import type { ExperimentConfig } from '../../config/schema/root.js';
import type { NeuralInterpreterOptions } from './neural-interpreter.js';

type Config = Extract<ExperimentConfig['model'], { name: 'neural_interpreter' }>;

/** The options of a Neural Interpreter as a config names them. */
export function neuralInterpreterOptions(config: Config): NeuralInterpreterOptions {
  const { truncation, straight_through, learn_bandwidth } = config.matching;
  return {
    scripts: config.scripts,
    iterations: config.iterations,
    functions: config.functions,
    added: config.added,
    lines: config.lines,
    width: config.width,
    codes: config.code_width,
    typeWidth: config.type_width,
    heads: config.heads,
    headWidth: config.head_width,
    expansion: config.expansion,
    patch: config.patch,
    classTokens: config.class_tokens,
    positions: config.positions,
    matching: { truncation, straightThrough: straight_through, learnBandwidth: learn_bandwidth },
    trainSignatures: config.train_signatures,
  };
}
