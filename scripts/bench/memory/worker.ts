import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { startEngine } from '../../../src/engine/backends/start.js';
import { smallCnn, tinyMlp } from './networks.js';

export const memoryParts = ['tiny-mlp', 'small-cnn', 'made-and-disposed'] as const;
export type MemoryPart = (typeof memoryParts)[number];

export interface MemoryRequest {
  readonly part: MemoryPart;
  readonly count: number;
  readonly collect: boolean;
}

/** Resident memory in bytes after so many steps, or trainers. */
export interface Samples {
  readonly counts: readonly number[];
  readonly bytes: readonly number[];
}

/**
 * A process that measures its own memory: answers `{part, count, collect}` with Samples. With `collect` JavaScript's
 * garbage is collected before each sample (node --expose-gc), so that what grows is kept by someone; without,
 * memory rises and falls with V8's own collections.
 */
export async function serveMemory(): Promise<void> {
  const engine = await startEngine({ backend: 'tensorflow', threads: 'auto', compile: 'always' });
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { part, count, collect } = JSON.parse(line) as MemoryRequest;
    const every = part === 'made-and-disposed' ? 1 : Math.max(1, Math.round(count / 200));
    const { options, batch } = part === 'tiny-mlp' ? tinyMlp() : smallCnn();
    const inputs = { learningRate: 1e-3 };
    const samples = { counts: [] as number[], bytes: [] as number[] };
    const sample = (done: number) => {
      if (done < (samples.counts.at(-1) ?? 0) + every) return;
      if (collect) globalThis.gc?.();
      samples.counts.push(done);
      samples.bytes.push(process.memoryUsage.rss());
    };
    if (part === 'made-and-disposed') {
      for (let done = 1; done <= count; done++) {
        await setImmediate();
        const trainer = engine.createTrainer(options);
        for (let step = 0; step < 3; step++) trainer.step(batch, inputs);
        trainer.dispose();
        sample(done);
      }
    } else {
      const trainer = engine.createTrainer(options);
      trainer.prepare(batch, inputs);
      const several = trainer.several?.();
      for (let done = 0; done < count; ) {
        await setImmediate();
        if (several === undefined) trainer.step(batch, inputs);
        else several.run(several.most, () => ({ batch, inputs }));
        done += several?.most ?? 1;
        sample(done);
      }
      trainer.dispose();
    }
    process.stdout.write(`${JSON.stringify(samples)}\n`);
  }
}
