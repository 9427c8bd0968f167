import type { FastStream } from '../../random/fast-stream.js';

export function drawSign(draws: FastStream): number {
  return draws.uniform(-1, 1) < 0 ? -1 : 1;
}

/** 0 to `last`, each as likely. */
export function drawPlace(draws: FastStream, last: number): number {
  return Math.min(Math.floor(draws.uniform(0, last + 1)), last);
}
