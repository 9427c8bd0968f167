import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Hears which ops are parts of one larger op, and what that one takes. */
export interface GroupWatcher {
  enter(inputs: readonly TensorInfo[]): void;
  leave(): void;
}

let watcher: GroupWatcher | undefined;

/** From now on this one hears of every group; undefined: nobody. */
export function watchGroups(next: GroupWatcher | undefined): void {
  watcher = next;
}

/** Runs the ops that one larger op is made of. */
export function asGroup<T>(inputs: readonly TensorInfo[], compute: () => T): T {
  if (watcher === undefined) return compute();
  watcher.enter(inputs);
  try {
    return compute();
  } finally {
    watcher?.leave();
  }
}
