import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { validate } from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import { formatBytes } from '../../core/numbers/bytes.js';
import { inspectDataFolder } from '../../datasets/data-files.js';
import { probeBackends } from '../../engine/backends/probe.js';
import type { Arguments } from '../arguments/arguments.js';
import { dataFolderOf } from '../jobs/data-folder.js';
import { print } from '../output/print.js';
import { composeForOperands } from '../output/results.js';
import { describeDetails, inspectTensorFlow } from '../tensorflow-facts.js';

/** `doctor`: which backends work here and why others do not, what the data folder holds, what to type. */
export function examine(args: Arguments): ExitCode {
  const config = validate(composeForOperands(args).study);
  const folder = dataFolderOf(config);
  const backends = probeBackends().map(({ tensorflow, ...report }) => ({
    ...report,
    ...(tensorflow === undefined ? {} : { tensorflow: inspectTensorFlow(tensorflow, config.engine.threads) }),
  }));
  const data = inspectDataFolder(folder);
  if (args.json) {
    print(JSON.stringify({ node: process.version, backends, dataFolder: folder, data }, null, 2));
    return 0;
  }
  const best = backends.find(({ works }) => works);
  print(
    `Machine   Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${formatBytes(totalmem())} of memory`,
  );
  print(`\nBackends  (engine.backend=auto takes ${best?.tier ?? 'none'})`);
  for (const { tier, works, detail, hint, note, tensorflow } of backends) {
    print(`  ${works ? 'works' : 'no   '}  ${tier.padEnd(10)}  ${detail}`);
    const more: readonly string[] = tensorflow === undefined ? [] : describeDetails(tensorflow);
    for (const line of note === undefined ? more : [...more, note]) print(`                     ${line}`);
    if (hint !== undefined) print(`                     → ${hint}`);
  }
  print(
    `\nData      ${folder}${process.env.HELDOUT_DATA === undefined ? '  (another folder: HELDOUT_DATA=FOLDER)' : '  (from HELDOUT_DATA)'}`,
  );
  if (!existsSync(folder)) print('  no     folder      there is no such folder');
  print('  there  dsprites       all 737,280 images are drawn by rule, no file is needed');
  for (const file of data) {
    const state = file.found === undefined ? 'no   ' : 'there';
    print(
      `  ${state}  ${file.dataset.padEnd(13)}  ${file.found ?? file.paths[0]}${file.bytes === undefined ? '' : `, ${formatBytes(file.bytes)}`}`,
    );
    print(`                     for ${file.use}`);
    if (file.found === undefined)
      print(`                     → put it into ${folder} (source: ${file.source})`);
  }
  return best === undefined ? 1 : 0;
}
