export interface SignalWatch {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, the signal's name being the reason. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly kill: AbortSignal;
  /** Gives the signals back to their default. */
  dispose(): void;
}

/** For the launching process: the first signal asks to stop in order, the second does not ask. */
export function watchSignals(): SignalWatch {
  const stop = new AbortController();
  const kill = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) kill.abort(name);
    else stop.abort(name);
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    dispose() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
