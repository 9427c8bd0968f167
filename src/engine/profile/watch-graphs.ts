import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Binding, tensorFlow } from '../backends/tensorflow-backend.js';
import { countNodes } from '../compiled/graph/saved-model.js';

/** What graphs that are loaded from now on take, in milliseconds since the last reset. */
export interface GraphWatch {
  readonly graph: number;
  readonly feeding: number;
  readonly reading: number;
  /** Nodes of the graph that was loaded last. */
  readonly nodes: number;
  reset(): void;
  /** Graphs that were loaded meanwhile stay watched. */
  end(): void;
}

/** Stands between the engine and the addon, where graphs are loaded, fed and run. */
export function watchGraphs(): GraphWatch {
  const backend = tensorFlow() as { binding: Binding };
  const { binding } = backend;
  const watch = { graph: 0, feeding: 0, reading: 0, nodes: 0 };
  const timed =
    <A extends readonly unknown[], T>(part: 'graph' | 'feeding' | 'reading', call: (...args: A) => T) =>
    (...args: A): T => {
      const start = performance.now();
      const result = call(...args);
      watch[part] += performance.now() - start;
      return result;
    };
  const methods: Partial<Binding> = {
    createTensor: timed('feeding', binding.createTensor),
    runSavedModel: timed('graph', binding.runSavedModel),
    tensorDataSync: timed('reading', binding.tensorDataSync),
    loadSavedModel(folder, tags) {
      watch.nodes = countNodes(readFileSync(join(folder, 'saved_model.pb')));
      return binding.loadSavedModel(folder, tags);
    },
  };
  backend.binding = Object.create(
    binding,
    Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value }])),
  );
  return Object.assign(watch, {
    reset: () => void Object.assign(watch, { graph: 0, feeding: 0, reading: 0 }),
    end: () => {
      backend.binding = binding;
    },
  });
}
