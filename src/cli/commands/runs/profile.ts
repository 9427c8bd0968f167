import { join, relative } from 'node:path';
import type { ExperimentConfig } from '../../../config/index.js';
import { timestamp } from '../../../core/clock.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../core/files/files.js';
import { projectRoot } from '../../../core/files/paths.js';
import type { JobProfile } from '../../../protocols/profile.js';
import type { Arguments } from '../../arguments/arguments.js';
import { splitWords } from '../../arguments/words.js';
import { checkSplits } from '../../check-splits.js';
import { composeArguments } from '../../compose.js';
import { chooseBackend } from '../../jobs/choose-backend.js';
import { launchOrder } from '../../jobs/launch-order.js';
import { shareCores } from '../../jobs/share-cores.js';
import { print, printNotice } from '../../output/print.js';
import { describeProfile } from '../../output/profile-text.js';
import { resultsOf } from '../../output/results.js';
import { isTrained, planStudy } from '../../plan-study.js';

/**
 * `profile [--config NAME] [overrides]`: where the time of a training step goes, for the first trained job of the
 * study, measured in a process of its own with the cores that the study would give it. Makes no run.
 */
export async function profileStep(args: Arguments): Promise<ExitCode> {
  const { overrides, operands } = splitWords(args.words);
  if (operands.length > 0) throw refuseOperand(operands[0]!);
  const study = composeArguments(args, overrides);
  for (const warning of study.warnings) printNotice(`warning: ${warning}`);
  const plan = await planStudy(study);
  const trained = plan.jobs.filter(isTrained);
  const job = trained[0];
  if (job === undefined) throw nothingTrained();
  const config = job.config as unknown as ExperimentConfig;
  await checkSplits([job], true);
  const backend = chooseBackend(config.engine);
  if (backend.refusal !== undefined) throw backend.refusal;
  if (backend.notice !== undefined) printNotice(`notice: ${backend.notice}`);
  const { threads } = shareCores(config, backend, trained);
  const { found: profile, code } = await launchOrder<JobProfile>(
    { task: 'profile', run: job.run, config, threads },
    job.label,
    args,
  );
  if (profile === undefined) return code;
  const path = join(resultsOf(config), 'profiles', `${plan.study}-${job.run}-${profile.tier}.json`);
  const facts = { time: timestamp(), study: plan.study, run: job.run, label: job.label, ...profile };
  writeFileAtomic(path, `${JSON.stringify(facts, null, 2)}\n`);
  if (args.json) print(JSON.stringify(facts, null, 2));
  else print(`${describeProfile(job.label, profile)}\n\nProfile  ${shorten(path)}`);
  return 0;
}

function refuseOperand(word: string): HeldoutError {
  return new HeldoutError({
    code: 'E_USAGE',
    message: `profile takes a config and overrides (key=value), not '${word}'`,
    place: 'command line',
    hints: [`npm run experiment -- profile --config ${word}`, 'npm run experiment -- profile model=mlp'],
  });
}

function nothingTrained(): HeldoutError {
  return new HeldoutError({
    code: 'E_PROFILE_UNTRAINED',
    message: 'no job of this study trains, so there is no training step to profile',
    place: 'protocol.name',
    hints: [
      'npm run experiment -- profile model=cnn protocol=supervised',
      'add --dry-run to the command of the study: it lists the jobs',
    ],
  });
}

function shorten(path: string): string {
  const short = relative(projectRoot(), path);
  return short.startsWith('..') ? path : short;
}
