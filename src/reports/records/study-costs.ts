import { isJsonObject } from '../../core/json.js';
import { costMetrics } from '../../evaluation/cost-metrics.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import type { RunPaths } from '../../runs/folder.js';
import { readManifest } from '../../runs/provenance/manifest.js';
import { readMetrics } from '../../tracking/metrics-log.js';

/** What a trained run cost, as rows beside those of its record; what is not known is left out. */
export function readCosts(paths: RunPaths): RecordRow[] {
  const manifest = readManifest(paths);
  const model = manifest?.model;
  const time = stepTime(paths.metrics, manifest?.engine);
  const row = (metric: string, value: number, n: number): RecordRow => {
    return { set: 'train', metric, group: {}, value, n };
  };
  return [
    ...(model === undefined
      ? []
      : [
          row(costMetrics.parameters, model.parameters, 1),
          row(costMetrics.multiplyAdds, model.multiplyAdds / 1e6, 1),
        ]),
    ...(time === undefined ? [] : [row(costMetrics.stepTime, time.milliseconds, time.n)]),
  ];
}

/** Median time of a step between two logged ones, in milliseconds; replicas share it. */
function stepTime(metricsFile: string, engine: unknown): { milliseconds: number; n: number } | undefined {
  const lines = readMetrics(metricsFile).filter(({ kind }) => kind === 'train');
  const spans = lines
    .slice(1)
    .map((line, index) => {
      const before = lines[index]!;
      const time = Date.parse(String(line.time)) - Date.parse(String(before.time));
      return time / (Number(line.step) - Number(before.step));
    })
    .sort((a, b) => a - b);
  const median = spans[Math.floor(spans.length / 2)];
  if (median === undefined) return undefined;
  const replicas = isJsonObject(engine) && typeof engine.replicas === 'number' ? engine.replicas : 1;
  return { milliseconds: median / replicas, n: spans.length };
}
