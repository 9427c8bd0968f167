import type { ExperimentConfig } from '../config/schema/root.js';
import type { FITTED_MODELS, REFERENCE_MODELS } from '../config/schema/sections/models.js';
import { HeldoutError } from '../core/errors.js';
import type { Model, ModelShapes } from './model.js';

/** The `model` section of a config. */
export type ModelConfig = ExperimentConfig['model'];

/** Networks; the others are references, or fitted in one go. */
type TrainedName = Exclude<
  ModelConfig['name'],
  (typeof REFERENCE_MODELS)[number] | (typeof FITTED_MODELS)[number]
>;

/** How each is built. Loaded on demand: the map itself needs no TensorFlow. */
const models: {
  readonly [Name in TrainedName]: (
    options: Extract<ModelConfig, { name: Name }>,
    shapes: ModelShapes,
  ) => Promise<Model>;
} = {
  cnn: async (_, shapes) => (await import('./cnn.js')).createCnn(shapes),
  digit_cnn: async (options, shapes) => (await import('./digit-cnn.js')).createDigitCnn(options, shapes),
  mlp: async (options, shapes) => (await import('./mlp.js')).createMlp(options, shapes),
  patch_mlp: async (options, shapes) => (await import('./patch-mlp.js')).createPatchMlp(options, shapes),
  resnet: async (options, shapes) => (await import('./resnet.js')).createResNet(options, shapes),
  nac: async (options, shapes) => {
    const [{ createNac }, { nacOptions }] = await Promise.all([
      import('./nac/nac.js'),
      import('./nac/from-config.js'),
    ]);
    return createNac(nacOptions(options), shapes);
  },
  vit: async (options, shapes) => (await import('./vit.js')).createVit(options, shapes),
  neural_interpreter: async (options, shapes) => {
    const [{ createNeuralInterpreter }, { neuralInterpreterOptions }] = await Promise.all([
      import('./neural-interpreter/neural-interpreter.js'),
      import('./neural-interpreter/from-config.js'),
    ]);
    return createNeuralInterpreter(neuralInterpreterOptions(options), shapes);
  },
};

export const modelNames: readonly string[] = Object.keys(models);

/** Builds a config's model for a dataset. Throws HeldoutError on a name that has no network and on inputs that do not fit. */
export async function loadModel(config: ModelConfig, shapes: ModelShapes): Promise<Model> {
  if (!isTrained(config)) {
    throw new HeldoutError({
      code: 'E_MODEL_UNKNOWN',
      message: `there is no network called ${config.name}`,
      place: 'model.name',
      hints: [`use one of: ${modelNames.join(', ')}`],
    });
  }
  const build = models[config.name] as (options: ModelConfig, shapes: ModelShapes) => Promise<Model>;
  return build(config, shapes);
}

function isTrained(config: ModelConfig): config is Extract<ModelConfig, { name: TrainedName }> {
  return Object.hasOwn(models, config.name);
}
