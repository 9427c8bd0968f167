/** Share of the steps in which the loss must rise for a step's length to stay. */
const leastRises = 0.75;

/**
 * The steps, counted from 1, after which APGD looks at the length of its steps: the first after 0.22 of them, each wait
 * 0.03 of them shorter than the one before it, and none below 0.06 of them; shares are rounded down, to 1 at least.
 */
export function listCheckpoints(steps: number): readonly number[] {
  const share = (part: number) => Math.max(Math.floor(part * steps), 1);
  const [decrease, least] = [share(0.03), share(0.06)];
  const checkpoints: number[] = [];
  let wait = share(0.22);
  for (let at = wait; at <= steps; at += wait) {
    checkpoints.push(at);
    wait = Math.max(wait - decrease, least);
  }
  return checkpoints;
}

/** How an example has fared since the last checkpoint. */
export interface Progress {
  /** Steps in which its loss rose, of `steps`. */
  readonly rises: number;
  readonly steps: number;
  /** Its highest loss now, and at the checkpoint before. */
  readonly best: number;
  readonly formerBest: number;
  /** Whether its steps were halved then; yes before the first. */
  readonly wasHalved: boolean;
}

/**
 * Whether its steps are halved: its loss rose in fewer than 75 % of them, or neither its highest loss nor the length of its
 * steps has changed since the checkpoint before.
 */
export function isHalved({ rises, steps, best, formerBest, wasHalved }: Progress): boolean {
  return rises < leastRises * steps || (!wasHalved && formerBest >= best);
}
