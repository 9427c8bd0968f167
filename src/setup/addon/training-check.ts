// A process of its own, `packageFolder addon`: takes the known step on an addon that may end the process, and prints
// what came out as JSON. Exit code 3: the addon does not load, and why is in `error`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type * as TensorFlow from '@tensorflow/tfjs';
import { takeKnownStep } from './known-step.js';

const [packageFolder = '', addon = ''] = process.argv.slice(2);
const load = createRequire(join(packageFolder, 'package.json'));
try {
  const { TF_Version: version } = load(addon) as { readonly TF_Version: string };
  // tfjs-node calls these two, which Node 23 removed, and asks this module for its addon.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  Object.assign(load('@mapbox/node-pre-gyp/lib/pre-binding'), { find: () => addon });
  const tf = load(packageFolder) as typeof TensorFlow;
  const { isUsingGpuDevice } = tf.backend() as TensorFlow.KernelBackend & { isUsingGpuDevice: boolean };
  const device = isUsingGpuDevice ? 'gpu' : 'cpu';
  process.stdout.write(JSON.stringify({ version, device, result: takeKnownStep(tf) }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  process.exitCode = 3;
}
