import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.js';
import { evaluationId, groupId, runId } from './identity.js';

const config = {
  seed: 3,
  dataset: { name: 'dsprites' },
  split: { rule: 'random' },
  model: { name: 'cnn' },
  objective: { name: 'squared_error' },
  protocol: { name: 'supervised' },
  training: { steps: 500 },
  evaluation: { seed: 0 },
  engine: { backend: 'auto' },
  paths: { data: 'data' },
};

describe('runId', () => {
  it('is the beginning of the SHA-256 of the canonical JSON of what decides the numbers', () => {
    const text =
      '{"dataset":{"name":"dsprites"},"model":{"name":"cnn"},"objective":{"name":"squared_error"},' +
      '"protocol":{"name":"supervised"},"schema":1,"seed":3,"split":{"rule":"random"},"training":{"steps":500}}';
    expect(runId(config)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 10));
  });

  it('does not depend on the order of keys, nor on engine, paths and evaluation', () => {
    const { seed, ...rest } = config;
    const other = { ...rest, seed, engine: { backend: 'wasm' }, paths: {}, evaluation: { seed: 1 } };
    expect(runId(other)).toBe(runId(config));
  });

  it('does not depend on how often the state is saved, but on how often it is logged', () => {
    const trained = (training: JsonObject) => runId({ ...config, training: { steps: 500, ...training } });
    expect(trained({ checkpoint_every: 7 })).toBe(runId(config));
    expect(trained({ log_every: 7 })).not.toBe(runId(config));
  });

  it('depends on what is in a file of weights, not on where it lies', () => {
    const of = (weights: string, weights_sha256: string) =>
      runId({ ...config, model: { name: 'resnet', weights, weights_sha256 } });
    expect(of('b.safetensors', '1')).toBe(of('a.safetensors', '1'));
    expect(of('a.safetensors', '2')).not.toBe(of('a.safetensors', '1'));
  });

  it('of a reference does not depend on the seed', () => {
    const reference = { ...config, protocol: { name: 'reference' } };
    expect(runId({ ...reference, seed: 4 })).toBe(runId(reference));
    expect(runId({ ...reference, split: { rule: 'composition' } })).not.toBe(runId(reference));
  });

  it('of a reference depends on the evaluation, which is all that it is', () => {
    const reference = { ...config, protocol: { name: 'reference' } };
    expect(runId({ ...reference, evaluation: { seed: 1 } })).not.toBe(runId(reference));
    expect(runId({ ...reference, evaluation: { seed: 0, references: [] } })).toBe(runId(reference));
  });

  it('of what is fitted without training depends on the seed, but on no objective and no training', () => {
    const fitted = { ...config, protocol: { name: 'fitted' } };
    expect(runId({ ...fitted, objective: {}, training: {}, evaluation: {} })).toBe(runId(fitted));
    expect(runId({ ...fitted, seed: 4 })).not.toBe(runId(fitted));
  });

  it('depends on each decisive part', () => {
    const parts = ['dataset', 'split', 'model', 'objective', 'protocol', 'training', 'seed'];
    const ids = parts.map((part) => runId({ ...config, [part]: { name: 'other' } }));
    expect(new Set([...ids, runId(config)]).size).toBe(parts.length + 1);
  });
});

it('groupId is the same for all seeds', () => {
  expect(groupId({ ...config, seed: 4 })).toBe(groupId(config));
  expect(groupId(config)).not.toBe(runId(config));
  expect(groupId({ ...config, model: { name: 'mlp' } })).not.toBe(groupId(config));
});

it('evaluationId depends on the evaluation alone', () => {
  expect(evaluationId({ ...config, seed: 4 })).toBe(evaluationId(config));
  expect(evaluationId({ ...config, evaluation: { seed: 1 } })).not.toBe(evaluationId(config));
});
