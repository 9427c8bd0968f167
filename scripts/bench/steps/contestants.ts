import { join } from 'node:path';
import { projectRoot } from '../../../src/core/files/paths.js';
import { MeasuringProcess } from './process.js';
import type { TaskName } from './tasks.js';
import type { WorkerKind } from './worker.js';

/** Who runs a task, and with what settings: `times` measures so many more of its steps, in milliseconds. */
export interface Contestant {
  readonly label: string;
  readonly detail: string;
  times(repeats: number): Promise<number[]>;
  /** Losses of the first steps; absent where the parameters start elsewhere. */
  readonly losses?: () => readonly number[];
}

/** Measuring processes, started when first needed. */
export class Contestants {
  readonly #processes = new Map<string, Promise<MeasuringProcess>>();
  readonly #python: string | undefined;

  constructor(python: string | undefined) {
    this.#python = python;
  }

  /** Heldout, or TensorFlow.js as shipped, on TensorFlow; for the tiny step with the better number of threads. */
  async onTensorFlow(kind: WorkerKind, label: string, task: TaskName): Promise<Contestant> {
    const settings = task === 'tiny-mlp' ? ['auto', '1'] : ['auto'];
    const all = await Promise.all(
      settings.map((threads) =>
        this.#start(`${kind}-${threads}`, process.execPath, workerArgs(kind, threads)),
      ),
    );
    let best = { median: Number.POSITIVE_INFINITY, index: 0 };
    let losses: readonly number[] = [];
    for (const [index, worker] of all.entries()) {
      const trial = (await worker.ask({ task, repeats: 5 })) as unknown as Trial;
      const median = [...trial.times].sort((a, b) => a - b)[2]!;
      if (median < best.median) best = { median, index };
      losses = trial.losses;
    }
    const detail = settings.length > 1 ? `threads ${settings[best.index]}` : '';
    const measure = async (repeats: number) =>
      ((await all[best.index]!.ask({ task, repeats })) as unknown as Trial).times;
    return { label, detail, times: measure, losses: () => losses };
  }

  /** PyTorch, plain and at its best; undefined without it. */
  async inPyTorch(task: TaskName): Promise<readonly [Contestant, Contestant] | undefined> {
    if (this.#python === undefined) return undefined;
    const script = join(projectRoot(), 'scripts', 'bench', 'peer.py');
    const peer = await this.#start('peer', this.#python, [script, '--serve']);
    const { eager, best, failed } = (await peer.ask({ task })) as unknown as Choice;
    const measure = (settings: readonly string[]) => async (repeats: number) =>
      ((await peer.ask({ task, settings, repeats })) as unknown as Trial).times;
    const untried = Object.entries(failed).map(([words, why]) => `${words} failed: ${why}`);
    return [
      { label: 'PyTorch eager', detail: eager.join(' '), times: measure(eager) },
      {
        label: 'PyTorch at its best',
        detail: [best.join(' + ') || 'plain', ...untried].join('; '),
        times: measure(best),
      },
    ];
  }

  async end(): Promise<void> {
    const started = await Promise.allSettled(this.#processes.values());
    for (const result of started) if (result.status === 'fulfilled') result.value.end();
  }

  #start(key: string, command: string, args: readonly string[]): Promise<MeasuringProcess> {
    const known = this.#processes.get(key);
    if (known !== undefined) return known;
    const started = MeasuringProcess.start(command, args).then(([measuring]) => measuring);
    this.#processes.set(key, started);
    return started;
  }
}

interface Trial {
  readonly times: number[];
  readonly losses: readonly number[];
}

interface Choice {
  readonly eager: readonly string[];
  readonly best: readonly string[];
  readonly failed: Readonly<Record<string, string>>;
}

function workerArgs(kind: WorkerKind, threads: string): string[] {
  return [join(projectRoot(), 'scripts', 'heldout.mjs'), 'bench', '--serve-steps', kind, threads];
}
