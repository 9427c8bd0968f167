import { explainFileError } from '../../core/files/file-errors.js';
import { makeFolder } from '../../core/files/files.js';
import { openRun } from '../../runs/run.js';
import { listenForStop, sendEvent } from '../child.js';
import { endWithParent } from '../orphan.js';
import { doToyRun, toySpec, toyStudy } from './toy-run.js';

/** A job's process: `toy-job.mjs RESULTS SEED [BEHAVIOUR [PAUSE]]`. */
const [resultsFolder = '', seed = '0', behaviour = 'work', pause = '0'] = process.argv.slice(2);
if (process.send !== undefined) endWithParent();
const stop = listenForStop();
const spec = toySpec(Number(seed));
makeFolder(resultsFolder);

if (behaviour === 'abort before') process.abort();
const opened = openRun({ resultsFolder, study: toyStudy, spec });
if (opened.outcome === 'locked') {
  await sendEvent({ type: 'locked', run: spec.run, holder: `process ${opened.holder.pid}` });
} else if (opened.outcome === 'done') {
  await sendEvent({ type: 'finished', run: spec.run, seconds: 0 });
} else {
  const { run } = opened;
  await sendEvent({ type: 'started', run: run.id, backend: 'toy', resumedFrom: 0 });
  switch (behaviour) {
    case 'abort':
      process.stderr.write('about to abort\n');
      process.abort();
      break;
    case 'exit 3':
      process.stdout.write('first words\nlast words\n');
      process.exit(3);
      break;
    case 'throw':
      throw new Error('thrown by the job');
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'spin':
      for (;;) Math.sqrt(2);
    case 'fail':
    case 'fill the disk': {
      const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
      const ending = run.fail(
        behaviour === 'fail' ? new Error('the loss is not finite') : explainFileError(full, run.paths.folder),
      );
      await sendEvent({ type: ending.state, run: run.id, error: ending.error });
      break;
    }
    default:
      if (await doToyRun(run, Number(pause), stop)) {
        await sendEvent({ type: 'finished', run: run.id, seconds: run.status().seconds });
      } else {
        await sendEvent({ type: 'interrupted', run: run.id, step: 0 });
        process.exitCode = 130;
      }
  }
}
