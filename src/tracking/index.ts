import { openMetricsLog } from './metrics-log.js';

/** Where the records of a run go, by name. */
export const trackers = { jsonl: openMetricsLog } as const;
