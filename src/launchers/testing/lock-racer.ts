import { wallClock } from '../../core/clock.js';
import { appendLine } from '../../core/files.js';
import { acquireLock } from '../../runs/lock/lock.js';

/**
 * `lock-racer.mjs FOLDER NAME START ROUNDS`: tries for the locks FOLDER/0/lock, FOLDER/1/lock, ..., one
 * every 4 ms from wall time START on, notes NAME for each one that it gets, and keeps it until it is killed.
 */
const [folder = '', name = '', start = '0', rounds = '1'] = process.argv.slice(2);
const pause = new Int32Array(new SharedArrayBuffer(4));

for (let round = 0; round < Number(rounds); round++) {
  Atomics.wait(pause, 0, 0, Math.max(0, Number(start) + 4 * round - wallClock()));
  if (acquireLock(`${folder}/${round}/lock`).held) appendLine(`${folder}/${round}/winners`, name);
}
process.stdout.write('through\n');
setInterval(() => {}, 1000);
