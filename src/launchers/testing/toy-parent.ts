import { runFolder } from '../../runs/folder.js';
import type { Batch } from '../launcher.js';
import { launchLocal } from '../local.js';
import { watchSignals } from '../signals.js';
import { toySpec, toyStudy } from './toy-run.js';

/**
 * A launching process: `toy-parent.mjs JOB-PROGRAM RESULTS BEHAVIOUR PAUSE COUNT`. Prints the pid of each
 * child as it starts and the counts at the end.
 */
const [program = '', resultsFolder = '', behaviour = 'work', pause = '0', count = '2'] =
  process.argv.slice(2);
const signals = watchSignals();
const batches = Array.from({ length: Number(count) }, (_, index): Batch => {
  const { run } = toySpec(index);
  return [{ index, run, label: `seed=${index}`, folder: runFolder(resultsFolder, toyStudy, run) }];
});
const summary = await launchLocal(batches, {
  command: ([{ index }]) => [process.execPath, program, resultsFolder, String(index), behaviour, pause],
  concurrency: 2,
  onEvent: (event) => process.stdout.write(`${event.type}\n`),
  stop: signals.stop,
  kill: signals.kill,
});
signals.dispose();
process.stdout.write(`${JSON.stringify(summary.counts)}\n`);
process.exitCode = summary.stopped ? 130 : summary.counts.failed > 0 ? 1 : 0;
