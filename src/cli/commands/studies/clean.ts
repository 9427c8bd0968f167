import { existsSync } from 'node:fs';
import type { ExitCode } from '../../../core/errors.js';
import { formatBytes } from '../../../core/numbers/bytes.js';
import { findRemovable, removeItems } from '../../../runs/clean.js';
import { runsFolder } from '../../../runs/folder.js';
import type { Arguments } from '../../arguments/arguments.js';
import { quoteForShell } from '../../arguments/shell.js';
import { findPlan } from '../../find-plan.js';
import { print } from '../../output/print.js';
import { composeForOperands, requireOperand, resultsFolder } from '../../output/results.js';

/** `clean [STUDY]`: lists what can be removed and how much it holds; with `--yes` removes it. */
export function cleanResults(args: Arguments): ExitCode {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const scope: Scope =
    operands.length === 0
      ? {}
      : chooseScope(folder, requireOperand(operands, 'experiment -- clean', 'STUDY'));
  const found = findRemovable({ resultsFolder: folder, failed: args.failed, ...scope });
  const items = found.filter(({ run }) => scope.runs === undefined || scope.runs.has(run?.run ?? ''));
  if (items.length === 0) {
    print(`Nothing to remove${args.failed ? '' : ' (--failed: failed and interrupted runs too)'}.`);
    return 0;
  }
  for (const item of items)
    print(`${formatBytes(item.bytes).padStart(9)}  ${item.reason.padEnd(36)} ${item.path}`);
  const total = formatBytes(items.reduce((sum, item) => sum + item.bytes, 0));
  if (!args.yes) {
    const line = ['npm', 'run', 'experiment', '--', ...args.line, '--yes'].map(quoteForShell).join(' ');
    print(`${countItems(items.length)}, ${total}. Nothing was removed; this removes:\n  ${line}`);
    return 0;
  }
  const removed = removeItems(items);
  print(`Removed ${removed.length} of ${countItems(items.length)}, ${total}.`);
  return removed.length === items.length ? 0 : 1;
}

interface Scope {
  readonly study?: string;
  readonly runs?: ReadonlySet<string>;
}

/** All runs of a study, or those alone that an altered study asked for. */
function chooseScope(folder: string, name: string): Scope {
  if (existsSync(runsFolder(folder, name))) return { study: name };
  const plan = findPlan(folder, name);
  if (plan.name === plan.study) return { study: plan.study };
  return { study: plan.study, runs: new Set(plan.jobs.map(({ run }) => run)) };
}

function countItems(count: number): string {
  return `${count} item${count === 1 ? '' : 's'}`;
}
