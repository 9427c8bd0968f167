import type { ExitCode } from '../../../core/errors.js';
import { readRecord } from '../../../evaluation/record.js';
import { runPaths } from '../../../runs/folder.js';
import type { ComposedJob } from '../../../sweeps/plan.js';
import type { Arguments } from '../../arguments/arguments.js';
import { takeOptions } from '../../derived/command-options.js';
import { derivedJob, pastTraining } from '../../derived/derived-job.js';
import { refuseRun } from '../../derived/opened-run.js';
import { readOperand } from '../../derived/read-operand.js';
import { writeDerivedRuns } from '../../derived/write-derived.js';
import { describeRun } from '../../evaluating/comparison-text.js';
import { openTrainedRun, type TrainedRun } from '../../evaluating/trained-run.js';
import { findRun, openRunFolder } from '../../find-run.js';
import { print } from '../../output/print.js';
import { inPlace } from '../../output/results.js';

/**
 * `dfr RUN set=SET [group=VARIABLE] [c=1] [draws=10]`: makes a run of a finished one with its read-out fitted anew to
 * group-balanced examples of a set (DFR), and shows what both come to.
 */
export async function retrainReadOut(args: Arguments): Promise<ExitCode> {
  const { options, rest } = readOptions(args.words);
  const words = { command: 'dfr', operand: 'RUN', options: 'options of dfr: set, group, c, draws' } as const;
  const { name, results } = readOperand(args, rest, words);
  const found = openRunFolder(name) ?? findRun(results, name);
  const source = openTrainedRun(found.paths.folder);
  if (source.config.protocol.name !== 'supervised') {
    const message = `run ${source.run} was not trained by itself (protocol ${source.config.protocol.name})`;
    throw refuseRun(source.folder, 'E_DFR_RUN', message, []);
  }
  return inPlace(found.results, async () => {
    const place = { study: source.study, results: found.results };
    const { written, code } = await writeDerivedRuns('dfr', place, [compose(source, options)], args);
    if (written === undefined) return code;
    const { run, folder } = written[0]!;
    const [before, after] = [found.paths.record, runPaths(folder).record].map(readRecord);
    print(`\n${describeRun({ run: source.run, before, other: run, after })}\n\nRun      ${folder}`);
    return 0;
  });
}

function readOptions(words: readonly string[]) {
  const { typed, rest, refuse, throwRefused } = takeOptions('dfr', ['set', 'group', 'c', 'draws'], words);
  const set = typed.get('set') ?? '';
  const [c, draws] = [Number(typed.get('c') ?? 1), Number(typed.get('draws') ?? 10)];
  if (set === '')
    refuse('command line', 'dfr needs the set that the read-out is fitted to', 'type set=train');
  if (!(c > 0 && c < 1e6)) refuse(`c=${typed.get('c')}`, 'c is a number above 0', 'type c=1');
  if (!(Number.isInteger(draws) && draws >= 1 && draws <= 1000)) {
    refuse(`draws=${typed.get('draws')}`, 'draws is a number from 1 to 1000', 'type draws=10');
  }
  throwRefused();
  return { options: { set, group: typed.get('group') ?? null, c, draws }, rest };
}

/** The config of the run, without what is of a training alone. */
function compose({ run, spec }: TrainedRun, options: ReturnType<typeof readOptions>['options']): ComposedJob {
  const config = {
    ...spec.config,
    objective: { name: 'cross_entropy', label_smoothing: 0 },
    protocol: { name: 'dfr', from: run, ...options },
    training: pastTraining(spec.config, 0),
  };
  return derivedJob(spec, {
    config,
    axes: { 'protocol.from': run, set: options.set, c: String(options.c) },
    label: `dfr of ${run}`,
    derived: `run ${run} with its read-out fitted to ${options.set}, as dfr made it`,
  });
}
