import { once } from 'node:events';
import { wallClock } from '../../core/clock.js';
import { appendLine } from '../../core/files/files.js';
import { acquireLock } from '../../runs/lock/lock.js';

/**
 * `lock-racer.mjs FOLDER NAME ROUNDS [told]`: tries for the locks FOLDER/0/lock, FOLDER/1/lock, ..., one every 4 ms, notes
 * NAME for each one that it gets, and keeps it until it is killed. `told`: says when it is ready, and starts at the wall
 * time that it then reads.
 */
const [folder = '', name = '', rounds = '1', told] = process.argv.slice(2);
let start = 0;
if (told !== undefined) {
  process.stdout.write('ready\n');
  start = Number(String(await once(process.stdin, 'data')));
}
const pause = new Int32Array(new SharedArrayBuffer(4));

for (let round = 0; round < Number(rounds); round++) {
  Atomics.wait(pause, 0, 0, Math.max(0, start + 4 * round - wallClock()));
  if (acquireLock(`${folder}/${round}/lock`).held) appendLine(`${folder}/${round}/winners`, name);
}
process.stdout.write('through\n');
setInterval(() => {}, 1000);
