import type { NamedArrays } from '../../engine.js';
import type { Crew, Member } from './crew.js';

/** Brings the steps of the members together. */
export interface Turns {
  /** One step, when all others that have not left are there, too; returns its loss. */
  take(member: Member, inputs: NamedArrays): Promise<readonly number[]>;
  /** The next `count` steps; inputs are asked for when their step is made. */
  takeMany(member: Member, count: number, at: (index: number) => NamedArrays): Promise<readonly number[]>;
  /** How many steps the members make in one call, where all of them have so many to make. */
  atOnce(): number;
  /** How many steps a member may ask for at once. */
  ahead(): number;
  leave(): void;
}

interface Turn {
  readonly count: number;
  /** Of the steps that have been made. */
  readonly losses: number[];
  at(index: number): NamedArrays;
  resolve(losses: readonly number[]): void;
  reject(error: unknown): void;
}

export function createTurns(size: number, crew: Crew): Turns {
  const waiting = new Map<Member, Turn>();
  let living = size;

  /** Goes on until somebody has made all of its steps. */
  function runWhenComplete(): void {
    while (waiting.size > 0 && waiting.size >= living) {
      try {
        runOnce();
      } catch (error) {
        const turns = [...waiting.values()];
        waiting.clear();
        for (const turn of turns) turn.reject(error);
      }
    }
  }

  function runOnce(): void {
    const turns = [...waiting];
    const left = Math.min(...turns.map(([, { count, losses }]) => count - losses.length));
    const count = left < crew.atOnce() ? 1 : crew.atOnce();
    const inputs = turns.map(
      ([member, turn]) => [member, (time: number) => turn.at(turn.losses.length + time)] as const,
    );
    const results = crew.run(new Map(inputs), count);
    for (const [member, turn] of turns) {
      turn.losses.push(...results.get(member)!);
      if (turn.losses.length < turn.count) continue;
      waiting.delete(member);
      turn.resolve(turn.losses);
    }
  }

  function wait(member: Member, count: number, at: Turn['at']): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      waiting.set(member, { count, losses: [], at, resolve, reject });
      runWhenComplete();
    });
  }

  return {
    take(member, inputs) {
      // Whoever fills a batch may fill it again while the others are awaited.
      const placed = crew.place(member, inputs);
      return wait(member, 1, () => placed);
    },
    takeMany: wait,
    atOnce: crew.atOnce,
    ahead: crew.ahead,
    leave() {
      living--;
      if (living === 0) crew.dispose();
      else runWhenComplete();
    },
  };
}
