import type { EnvironmentsJob } from './environments/job.js';
import type { FamilyName } from './replicas/jobs.js';
import type { WorkerKind } from './steps/worker.js';

/** What the bench starts to measure in a process of its own; returns its exit code. */
export async function serve(
  flag: string,
  [first = '', second = '', third = '', fourth = '']: readonly string[],
): Promise<number> {
  switch (flag) {
    case '--serve-steps':
      await (await import('./steps/worker.js')).serveSteps(first as WorkerKind, threadsOf(second));
      return 0;
    case '--serve-resident':
      await (await import('./steps/resident-worker.js')).serveResident(
        Number(first),
        second === 'side-by-side',
      );
      return 0;
    case '--serve-nac':
      await (await import('./nac/worker.js')).serveNac(first === 'side-by-side');
      return 0;
    case '--serve-recording':
      await (await import('./recording.js')).serveRecording();
      return await new Promise<number>(() => {});
    case '--serve-memory':
      await (await import('./memory/worker.js')).serveMemory();
      return 0;
    case '--serve-replicas':
      await (await import('./replicas/worker.js')).serveReplicas(
        first as FamilyName,
        second,
        Number(third),
        fourth === 'together',
      );
      return 0;
    case '--serve-environments':
      await (await import('./environments/worker.js')).serveEnvironments(
        first as EnvironmentsJob,
        second,
        Number(third),
        Number(fourth),
      );
      return 0;
    case '--serve-fine-tuning':
      await (await import('./fine-tuning/worker.js')).serveFineTuning(first, Number(second));
      return 0;
    case '--serve-sweep':
      await (await import('./sweep/worker.js')).serveSweep(threadsOf(first), Number(second), Number(third));
      return 0;
    default:
      throw new RangeError(`the bench has no process ${flag}`);
  }
}

function threadsOf(word: string): 'auto' | number {
  return word === 'auto' ? 'auto' : Number(word);
}
