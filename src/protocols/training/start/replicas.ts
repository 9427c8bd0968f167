import type { Engine, ReplicaGroup, SharedTrainer, TrainerOptions } from '../../../engine/engine.js';

/** One job's place among those that are trained together in one process. */
export interface ReplicaPlace {
  /** How many they are. */
  readonly size: number;
  createTrainer(engine: Engine, options: TrainerOptions): SharedTrainer;
  /** When the job has ended, however: the others must not wait for it. */
  leave(): void;
}

/** Places for `size` jobs. */
export function createPlaces(size: number): ReplicaPlace[] {
  let group: ReplicaGroup | undefined;
  let absent = 0;

  function open(engine: Engine): ReplicaGroup | undefined {
    if (group !== undefined) return group;
    group = engine.createReplicas?.(size);
    for (let left = 0; left < absent; left++) group?.leave();
    return group;
  }

  return Array.from({ length: size }, () => {
    let taken = false;
    return {
      size,
      createTrainer(engine, options) {
        taken = true;
        // Its trainer leaves for it.
        return open(engine)?.createTrainer(options) ?? engine.createTrainer(options);
      },
      leave() {
        if (taken) return;
        taken = true;
        absent++;
        group?.leave();
      },
    };
  });
}
