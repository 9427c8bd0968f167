import { findAddon } from '../backends/addon.js';
import type { EngineOptions } from '../backends/options.js';
import { probeTensorFlow } from '../backends/probe.js';
import { startEngine } from '../backends/start.js';
import type { Engine } from '../engine.js';

// As it was found before, if it was: a process that asks anew takes half a second, in every file.
const report = probeTensorFlow(findAddon(), true);

/** Whether tests of the tensorflow tier can run here; without it they skip. */
export const tensorFlowWorks = report.works;
if (!report.works) console.log(`tests of the tensorflow tier are skipped: ${report.detail}; npm run setup`);

export async function startTensorFlowIfThere(
  options: Partial<EngineOptions> = {},
): Promise<Engine | undefined> {
  if (!tensorFlowWorks) return undefined;
  return await startEngine({ backend: 'tensorflow', threads: 'auto', ...options });
}
