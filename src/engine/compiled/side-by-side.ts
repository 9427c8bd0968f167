/**
 * Threads that run ops side by side, one thread for each op, as `EngineOptions.sideBySide` asks for; 1 where all
 * threads work on one op.
 */
export function threadsSideBySide(): number {
  const { TF_NUM_INTRAOP_THREADS: within, TF_NUM_INTEROP_THREADS: besides } = process.env;
  return within === '1' && Number(besides) > 1 ? Number(besides) : 1;
}
