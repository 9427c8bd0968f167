import type { Plan } from '../../sweeps/plan.js';
import { isTransfer } from './study-networks.js';

/** Axes that say what a network is trained for, not how. */
const ofTask = /^(\+*)(dataset\b|split\.train$)/;

/**
 * How the networks of a study differ: the axes of its plan that vary among them, by the last part of their key (`shots` of
 * `split.shots`), or by the whole key where two end alike.
 */
export function listFactors({ jobs }: Plan): ReadonlyMap<string, string> {
  const own = jobs.filter(isTransfer);
  const keys = [...new Set(own.flatMap(({ axes }) => Object.keys(axes)))].filter(
    (key) => !ofTask.test(key) && new Set(own.map(({ axes }) => axes[key])).size > 1,
  );
  const endOf = (key: string) => key.replace(/^\++/, '').split(/[./]/).at(-1)!;
  return new Map(
    keys.map((key) => {
      const twin = keys.some((other) => other !== key && endOf(other) === endOf(key));
      return [twin ? key : endOf(key), key];
    }),
  );
}
