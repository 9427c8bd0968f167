import type { JobEvent } from '../core/events.js';
import { isJsonObject } from '../core/json.js';

/**
 * Tells the parent what happens; resolves once the message is on its way, so that a process may exit.
 * Without a parent, or after losing it, there is nobody to tell.
 */
export function sendEvent(event: JobEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(event, undefined, undefined, () => resolve());
  });
}

/**
 * Aborted when the job is to save its state and end: by the parent's word, or by SIGINT or SIGTERM. A
 * terminal's Ctrl-C reaches parent and jobs alike, so a job with a parent leaves further signals to it; one
 * without ends at the second.
 */
export function listenForStop(): AbortSignal {
  const controller = new AbortController();
  process.on('message', (message: unknown) => {
    if (isJsonObject(message) && message.type === 'stop') controller.abort('stop');
  });
  // Listening must not keep a finished job's process alive.
  process.channel?.unref();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted && !process.connected) process.exit(130);
      controller.abort(name);
    });
  }
  return controller.signal;
}
