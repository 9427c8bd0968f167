import { availableParallelism } from 'node:os';
import { formatPlace, type Study, validate } from '../../../config/index.js';
import { type ExitCode, HeldoutError, HeldoutErrors } from '../../../core/errors.js';
import { type RunRecord, readRecord } from '../../../evaluation/record.js';
import type { Arguments } from '../../arguments/arguments.js';
import { splitWords } from '../../arguments/words.js';
import { composeArguments } from '../../compose.js';
import { type FoundRun, findRun, openRunFolder } from '../../find-run.js';
import { writeLaunch } from '../../jobs/launch-facts.js';
import { launchInTurn } from '../../jobs/launch-in-turn.js';
import { print } from '../../output/print.js';
import { composeForOperands, inPlace, requireOperand, resultsFolder } from '../../output/results.js';
import { evaluateOtherwise } from './evaluate-otherwise.js';

/**
 * `evaluate RUN`: predictions and record anew from the checkpoint; with `--metrics-only` the record anew from the
 * predictions, with the metrics of `evaluation.metrics=[...]` besides the run's own. RUN is a run id, the beginning of one,
 * or a run folder. `evaluate RUN key=value ...`: see `evaluateOtherwise`.
 */
export async function evaluateAgain(args: Arguments): Promise<ExitCode> {
  const { overrides, operands: names } = splitWords(args.words);
  const changes = overrides.filter((word) => !word.startsWith('paths.results='));
  if (changes.length > 0 && !args.metricsOnly) {
    const places = overrides.filter((word) => !changes.includes(word));
    const looking = composeArguments({ ...args, config: undefined, multirun: false }, places);
    const other = requireOperand(names, 'experiment -- evaluate', 'RUN');
    return evaluateOtherwise(other, resultsFolder(looking), changes, args);
  }
  const { study, operands } = composeForOperands(args);
  const name = requireOperand(operands, 'experiment -- evaluate', 'RUN');
  const metrics = chooseMetrics(study, args.metricsOnly);
  const found = openRunFolder(name) ?? findRun(resultsFolder(study), name);
  const code = await inPlace(found.results, () => launch(found, args, metrics));
  if (code === 0) show(readRecord(found.paths.record), found);
  return code;
}

const metricsKey = 'evaluation.metrics';

/** The metrics that the command line asks for. Throws on overrides that would change nothing: a run has its config. */
function chooseMetrics(study: Study, metricsOnly: boolean): readonly string[] {
  const typed = study.overrides.filter(({ place }) => place.kind === 'argument');
  const allowed = metricsOnly ? ['paths.results', metricsKey] : ['paths.results'];
  const errors = typed
    .filter(({ override }) => !allowed.includes(override.key))
    .map(({ override: { key }, place }) => {
      const hints: Readonly<Record<string, string>> = {
        [metricsKey]: `with --metrics-only, ${metricsKey} adds metrics from the saved predictions`,
        'paths.data': 'name the folder of the data as HELDOUT_DATA=FOLDER',
      };
      return new HeldoutError({
        code: 'E_EVALUATE_OVERRIDE',
        message: `a run is evaluated by its own config, so '${key}' has no effect`,
        place: formatPlace(place),
        hints: [
          hints[key] ??
            `to evaluate otherwise, start its study with ${key} changed: nothing is trained again`,
        ],
      });
    });
  if (errors.length > 0) throw new HeldoutErrors(errors);
  return typed.some(({ override }) => override.key === metricsKey) ? validate(study).evaluation.metrics : [];
}

function launch(
  { run, paths, results }: FoundRun,
  args: Arguments,
  metrics: readonly string[],
): Promise<ExitCode> {
  return launchInTurn({
    name: 'evaluate',
    progress: args.progress,
    prepare: (temporary) => ({
      batches: [[{ index: 0, run, label: run, folder: paths.folder }]],
      words: () =>
        args.metricsOnly ? ['recompute', paths.folder, metrics.join()] : ['evaluate', paths.folder],
      launchFile: writeLaunch(temporary, {
        resultsFolder: results,
        threads: availableParallelism(),
        line: args.line,
      }),
    }),
    finish({ results: ended, stopped }): ExitCode {
      const { outcome, error, holder } = ended[0]!;
      if (outcome === 'locked') throw lockedError(run, paths.folder, holder ?? 'another process');
      if (error !== undefined && !stopped) throw new HeldoutError({ ...error, exitCode: 1 });
      return outcome === 'done' ? 0 : stopped ? 130 : 1;
    },
  });
}

function lockedError(run: string, folder: string, holder: string): HeldoutError {
  return new HeldoutError({
    code: 'E_RUN_LOCKED',
    message: `run ${run} is in the hands of ${holder}`,
    place: folder,
    hints: ['wait until it has ended'],
    exitCode: 1,
  });
}

function show(record: RunRecord | undefined, { paths }: FoundRun): void {
  for (const row of record?.rows.filter(({ group }) => Object.keys(group).length === 0) ?? []) {
    print(`${row.set.padEnd(5)}  ${row.metric.padEnd(4)}  ${row.value.toFixed(4)}  (n = ${row.n})`);
  }
  print(`Record   ${paths.record}`);
}
