import type { ExitCode } from '../../core/errors.js';
import { findRemovable, removeItems } from '../../runs/clean.js';
import type { Arguments } from '../arguments.js';
import { print } from '../print.js';
import { composeForOperands, resultsFolder } from '../results.js';

/** `clean [STUDY]`: lists what can be removed and how much it holds; with `--yes` removes it. */
export function cleanResults(args: Arguments): ExitCode {
  const { study, operands } = composeForOperands(args);
  const [name] = operands;
  const items = findRemovable({
    resultsFolder: resultsFolder(study),
    failed: args.failed,
    ...(name === undefined ? {} : { study: name }),
  });
  if (items.length === 0) {
    print(`Nothing to remove${args.failed ? '' : ' (--failed: failed and interrupted runs too)'}.`);
    return 0;
  }
  for (const item of items)
    print(`${formatBytes(item.bytes).padStart(9)}  ${item.reason.padEnd(36)} ${item.path}`);
  const total = formatBytes(items.reduce((sum, item) => sum + item.bytes, 0));
  if (!args.yes) {
    print(`${items.length} things, ${total}. Nothing was removed: add --yes to remove them.`);
    return 0;
  }
  const removed = removeItems(items);
  print(`Removed ${removed.length} of ${items.length} things, ${total}.`);
  return removed.length === items.length ? 0 : 1;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
