import { Worker } from 'node:worker_threads';
import { parentVariable } from './launcher.js';

/**
 * Ends this process at once, by SIGKILL, when the process that started it is gone: a run's files are whole
 * at any moment, and nobody is left to hear more. Watched twice: by the closing of the message channel, and
 * by a thread of its own, which looks also while a step keeps the main thread busy.
 */
export function endWithParent(): void {
  const parent = Number(process.env[parentVariable] ?? process.ppid);
  if (process.ppid !== parent) end();
  process.on('disconnect', end);
  process.channel?.unref();
  const watcher = new Worker(watch, {
    eval: true,
    workerData: { parent },
    stdin: false,
    env: {},
    execArgv: [],
  });
  watcher.unref();
}

const watch = `
const { parent } = require('node:worker_threads').workerData;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250);
`;

function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
