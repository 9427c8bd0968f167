import * as z from 'zod';
import { autoOrCount, whole } from '../fields.js';

export const engineSchema = z
  .strictObject({
    backend: z
      .enum(['auto', 'tensorflow', 'wasm'])
      .default('auto')
      .describe('what computes; auto takes the best that starts'),
    threads: autoOrCount().describe(
      'threads of one job; auto: its share of the cores, or one where a trial says so',
    ),
    compile: z
      .enum(['auto', 'off', 'always'])
      .default('auto')
      .describe(
        'tensorflow: whether steps become graphs; auto: those that can, always: refuses those that cannot',
      ),
    resident_data: z
      .union([z.enum(['auto', 'off']), whole(1)], "must be 'auto', 'off' or a whole number of megabytes")
      .default('auto')
      .describe(
        'compiled steps: megabytes of training data that stay on the device; auto: a quarter of its free memory',
      ),
    xla: z
      .enum(['auto', 'off', 'on'])
      .default('auto')
      .describe(
        'compiled steps: whether XLA compiles what it can; auto: where a trial of a long training says so',
      ),
    precision: z
      .enum(['float32', 'tf32', 'bfloat16', 'float16'])
      .default('float32')
      .describe('of products and convolutions; tensorflow only, tf32 on GPUs only; all else is float32'),
    deterministic: z
      .boolean()
      .default(false)
      .describe('nothing is chosen by timing, and no op adds in any order'),
    resume: z
      .enum(['same', 'any'])
      .default('same')
      .describe('same: a started run goes on with the backend it began with; any: with what there is'),
  })
  .describe('what computes, and with how much');

/** One entry per launcher: its options in `configs/launcher/`, by `name`. */
export const LAUNCHERS = {
  local: z.strictObject({
    name: z.literal('local').describe('processes on this computer'),
    jobs: autoOrCount().describe('jobs at once'),
    fail_fast: z
      .boolean()
      .default(false)
      .describe('once a job has failed, start no further one and stop those that run'),
  }),
};

export const launcherSchema = z.discriminatedUnion('name', [LAUNCHERS.local]).describe('where jobs run');

type Axis = string | number | boolean | { [key: string]: Axis };
const axis: z.ZodType<Axis> = z.union(
  [
    z.string(),
    z.number(),
    z.boolean(),
    z.record(
      z.string(),
      z.lazy(() => axis),
    ),
  ],
  'must be written as on the command line, in one string: "0,1,2"',
);

export const sweepSchema = z
  .strictObject({
    params: z
      .record(z.string(), axis)
      .default({})
      .describe('axes of a multirun: for each key or group its values, written as on the command line'),
    also: z
      .array(z.record(z.string(), axis))
      .default([])
      .describe('further multiruns of the same study, each with axes of its own, written alike'),
    without: z
      .array(z.record(z.string(), axis))
      .default([])
      .describe('points that are left out: for some axes of the multirun values of theirs, written alike'),
    seed: whole(0, 0xffffffff).default(0).describe('order of shuffle(...)'),
  })
  .describe('what a multirun varies');
