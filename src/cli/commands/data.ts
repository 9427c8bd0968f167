import { statSync } from 'node:fs';
import { join } from 'node:path';
import { nearestNames, validate } from '../../config/index.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { formatBytes } from '../../core/numbers/bytes.js';
import { inspectDataFolder } from '../../datasets/data-files.js';
import {
  datasetsByHand,
  type Published,
  type PublishedFile,
  publishedDatasets,
} from '../../datasets/downloads/catalogue.js';
import { fetchFile, hashFile } from '../../datasets/downloads/fetch-file.js';
import { watchSignals } from '../../launchers/signals.js';
import type { Arguments } from '../arguments/arguments.js';
import { dataFolderOf } from '../jobs/data-folder.js';
import { print, printNotice } from '../output/print.js';
import { composeForOperands } from '../output/results.js';

/** `npm run data [-- get [NAME ...]]`: what the data folder has; what can be had, from where; gets it. */
export async function manageData(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = dataFolderOf(validate(study));
  const [verb, ...names] = operands;
  if (verb === undefined) return showData(folder);
  if (verb !== 'get') throw refuse(`there is no 'data ${verb}'`);
  if (names.length === 0) return listPublished(folder);
  const chosen = names.map(findPublished);
  const signals = watchSignals();
  try {
    for (const published of chosen) await getDataset(published, folder, signals.stop);
    return 0;
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    printNotice('interrupted: the same command goes on where it stopped');
    return 130;
  } finally {
    signals.dispose();
  }
}

/** What is there, and what gets the rest. */
function showData(folder: string): ExitCode {
  print(`Data  ${folder}`);
  const gettable = new Set(publishedDatasets.map(({ dataset }) => dataset));
  for (const { dataset, paths, found, bytes, use, source } of inspectDataFolder(folder)) {
    const size = bytes === undefined ? '' : `, ${formatBytes(bytes)}`;
    print(`  ${found === undefined ? 'no   ' : 'there'}  ${dataset.padEnd(13)}  ${found ?? paths[0]}${size}`);
    if (found !== undefined) continue;
    print(`                        for ${use}`);
    print(
      `                        → ${gettable.has(dataset) ? `npm run data -- get ${dataset}` : `put it there, from ${source}`}`,
    );
  }
  print('\nnpm run data -- get  lists what can be had, with addresses and checksums');
  return 0;
}

async function listPublished(folder: string): Promise<ExitCode> {
  for (const { dataset, terms, files } of publishedDatasets) {
    print(`${dataset}  (${terms})`);
    for (const file of files) {
      print(`  ${file.path}, ${formatBytes(file.bytes)}: ${await stateOf(file, folder)}`);
      print(`    from    ${file.address}`);
      print(`    sha256  ${file.sha256}`);
      for (const [sha256, words] of Object.entries(file.alike ?? {}))
        print(`        or  ${sha256}  ${words}`);
    }
  }
  print('\nBy hand:');
  for (const { dataset, address, how } of datasetsByHand)
    print(`  ${dataset}: ${how}\n    from    ${address}`);
  print('\nnpm run data -- get NAME  gets a dataset');
  return 0;
}

async function stateOf(file: PublishedFile, folder: string): Promise<string> {
  const path = join(folder, file.path);
  if (!isFile(path)) {
    const part = statSync(`${path}.part`, { throwIfNoEntry: false });
    return part === undefined ? 'not there' : `begun, ${formatBytes(part.size)} are there`;
  }
  const sha256 = await hashFile(path);
  if (sha256 === file.sha256) return 'there, as published';
  return `there, ${file.alike?.[sha256] ?? `another file than the published one (sha256 ${sha256})`}`;
}

async function getDataset(
  { dataset, terms, files }: Published,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  print(`${dataset}  (${terms})`);
  for (const file of files) {
    const path = join(folder, file.path);
    if (isFile(path)) {
      print(`  ${file.path}: ${await stateOf(file, folder)}; kept`);
      continue;
    }
    await fetchFile(file, path, { signal, mirror: process.env.HELDOUT_MIRROR, onProgress: tell(file) });
    print(`  ${file.path}: ${formatBytes(file.bytes)}, checksum right`);
  }
}

/** Tells each quarter of a file that is not small. */
function tell({ path, bytes }: PublishedFile): (there: number) => void {
  let told = 0;
  return (there) => {
    const quarter = Math.floor((4 * there) / bytes);
    if (bytes < 10_000_000 || quarter <= told || quarter > 3) return;
    told = quarter;
    printNotice(`  ${path}: ${formatBytes(there)} of ${formatBytes(bytes)}`);
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function findPublished(name: string): Published {
  const known = publishedDatasets.find(({ dataset }) => dataset === name);
  if (known !== undefined) return known;
  const hand = datasetsByHand.find(({ dataset }) => dataset === name);
  if (hand !== undefined) throw refuse(`${name} has to be got by hand, from ${hand.address} (${hand.how})`);
  const near = nearestNames(
    name,
    publishedDatasets.map(({ dataset }) => dataset),
    1,
  );
  throw refuse(
    `there is no dataset '${name}' to get`,
    near.map((each) => `npm run data -- get ${each}`),
  );
}

function refuse(message: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({
    code: 'E_USAGE',
    message,
    place: 'command line',
    hints: [
      ...hints,
      'npm run data -- get NAME, where NAME is one of ' +
        publishedDatasets.map(({ dataset }) => dataset).join(', '),
      'npm run data -- get  lists them',
    ],
  });
}
