import { describe, expect, it } from 'vitest';
import { checkNac, type NacConfig, nacSchema, regularisersOf } from './nac.js';

const circuit = (options: object = {}): NacConfig => nacSchema.parse({ name: 'nac', ...options });
const messages = (options: object) => checkNac(circuit(options)).map(({ message }) => message);

describe('what training adds to the loss of a circuit', () => {
  it.each([
    ['scale_free', ['repulsion']],
    ['planted_partition', ['graphon']],
    ['ring_of_cliques', ['repulsion']],
    ['random', ['repulsion']],
    ['none', ['repulsion']],
  ])("is the papers' own with the prior %s", (graph, expected) => {
    const usual = circuit({ prior: { graph } });
    expect(regularisersOf(usual)).toEqual(expected);
    expect(usual.prior.repulsion).toEqual({ weight: 0.1, threshold: 0.4 });
    expect(usual.prior.graphon).toEqual({ weight: 1, measure: 'mse' });
    expect(messages({ prior: { graph } })).toEqual([]);
  });

  it('is nothing where all modules hear each other, and cannot be asked for there', () => {
    const links = { by: 'none' };
    expect(regularisersOf(circuit({ links }))).toEqual([]);
    expect(messages({ links })).toEqual([]);
    expect(messages({ links, prior: { regulariser: 'repulsion' } })).toEqual([
      'modules that all hear each other have no signatures, so there is nothing to add to the loss',
    ]);
  });

  it.each(['random', 'none'])('is no graphon with the prior %s, which has none', (graph) => {
    for (const regulariser of ['graphon', 'both']) {
      expect(messages({ prior: { graph, regulariser } })).toEqual([
        `the prior ${graph} has no graphon that links could be drawn to, for regulariser=${regulariser}`,
      ]);
    }
    expect(messages({ prior: { graph, regulariser: 'repulsion' } })).toEqual([]);
  });
});
