import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderOf } from '../../src/cli/jobs/data-folder.js';
import type { ExperimentConfig } from '../../src/config/index.js';
import { HeldoutError } from '../../src/core/errors.js';
import { projectRoot } from '../../src/core/files/paths.js';
import { openTable } from '../../src/datasets/index.js';
import { findAddon } from '../../src/engine/backends/addon.js';
import type { Row } from './row.js';
import { MeasuringProcess } from './steps/process.js';

/** What stands in the way of measuring on the tensorflow tier; nothing where its addon is there. */
export function lackOfAddon(name: string): Row | undefined {
  if (findAddon() !== undefined) return undefined;
  return { name, remark: 'not measured: the addon of the tensorflow tier has not been built; npm run setup' };
}

/** The same of the data that a config names. */
export async function lackOfData(name: string, config: ExperimentConfig): Promise<Row | undefined> {
  try {
    await openTable(config.dataset, { dataFolder: dataFolderOf(config) });
    return undefined;
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    return { name, remark: `not measured: ${error.message}` };
  }
}

/** Throws where two networks that are to be the same have losses that are further apart, relatively. */
export function requireSameLosses(
  ours: readonly number[],
  theirs: readonly number[],
  tolerance: number,
): void {
  const most = Math.max(...ours.map((loss, at) => Math.abs(loss - theirs[at]!) / Math.abs(loss)));
  if (most > tolerance) throw new Error(`losses are up to ${most} apart: not the same network`);
}

/** Processes that are measured in turns, and a folder in which they find what both take. */
export interface SideBySide {
  readonly folder: string;
  /** @param words Of `bench`: `--serve-NAME`, and what it takes. */
  startHeldout(...words: readonly string[]): Promise<MeasuringProcess>;
  /** @param script Its folders and name in `scripts/bench`. */
  startPeer(
    python: string,
    script: readonly string[],
    ...words: readonly string[]
  ): Promise<MeasuringProcess>;
}

/** Ends the processes, and removes the folder, whatever comes of the measurement. */
export async function sideBySide<T>(measure: (processes: SideBySide) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-'));
  const running: MeasuringProcess[] = [];
  const start = async (command: string, args: readonly string[]) => {
    const [measuring] = await MeasuringProcess.start(command, args);
    running.push(measuring);
    return measuring;
  };
  const scripts = join(projectRoot(), 'scripts');
  try {
    return await measure({
      folder,
      startHeldout: (...words) => start(process.execPath, [join(scripts, 'heldout.mjs'), 'bench', ...words]),
      startPeer: (python, script, ...words) => start(python, [join(scripts, 'bench', ...script), ...words]),
    });
  } finally {
    for (const one of running) one.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
