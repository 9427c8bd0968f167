import type { Apply, NamedArrays } from '../engine.js';
import { compile } from './compile.js';
import type { Program } from './program.js';
import type { GraphOptions } from './trainer.js';

/** A compiled function of parameters, without gradients. */
export interface Inference {
  /** @param version Of the parameters: they are read only when it has changed. */
  run(version: number, parameters: () => NamedArrays, batch: NamedArrays): NamedArrays;
  dispose(): void;
}

/** One graph per shape of batches, each with its own copy of the parameters. */
export function createInference(apply: Apply, how: GraphOptions): Inference {
  const programs = new Map<string, { readonly program: Program; version: number }>();
  return {
    run(version, parameters, batch) {
      const key = JSON.stringify(Object.entries(batch).map(([name, { shape }]) => [name, shape]));
      let entry = programs.get(key);
      if (entry === undefined) {
        const state = parameters();
        const program = compile({
          compute: (current, inputs) => ({ state: {}, outputs: apply(current, inputs) }),
          state,
          batch,
          numbers: [{}, {}],
          ...how,
        });
        program.assign(state);
        entry = { program, version };
        programs.set(key, entry);
      } else if (entry.version !== version) {
        entry.program.assign(parameters());
        entry.version = version;
      }
      return entry.program.run(batch);
    },
    dispose() {
      for (const { program } of programs.values()) program.dispose();
      programs.clear();
    },
  };
}
