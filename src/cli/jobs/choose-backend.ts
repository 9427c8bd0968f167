import type { ExperimentConfig } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import { describePrecision, refusePrecision } from '../../engine/backends/precision.js';
import { probeBackends } from '../../engine/backends/probe.js';
import { explainCpu } from '../tensorflow-facts.js';

/**
 * What the jobs will run on; `refusal` where that was asked for and does not start here.
 * @param remembered Whether a backend that has started before is taken to start again.
 */
export function chooseBackend(
  engine: ExperimentConfig['engine'],
  remembered = false,
): {
  readonly tier: 'tensorflow' | 'wasm';
  /** On a GPU jobs do not run side by side. */
  readonly gpu: boolean;
  /** Of TensorFlow, where it is taken. */
  readonly version: string | undefined;
  readonly text: string;
  readonly refusal: HeldoutError | undefined;
  /** What to know of what was asked for. */
  readonly notice: string | undefined;
} {
  const choice = engine.backend;
  const reports = probeBackends(remembered).filter(({ tier }) => choice === 'auto' || tier === choice);
  const taken = reports.find(({ works }) => works);
  const passed = reports.filter((report) => !report.works);
  const tier = taken?.tier ?? passed[0]?.tier ?? 'wasm';
  if (taken === undefined) {
    const refusal = new HeldoutError({
      code: 'E_ENGINE_BACKEND',
      message: passed.map((report) => `${report.tier} does not start here: ${report.detail}`).join('; '),
      place: `engine.backend=${choice}`,
      hints: passed.flatMap(({ hint }) => hint ?? []),
    });
    const text = `${tier}, which does not start here`;
    return { tier, gpu: false, version: undefined, text, refusal, notice: undefined };
  }
  const reasons = passed.map((report) => `\n    not ${report.tier}: ${report.detail}\n    → ${report.hint}`);
  const onCpu = taken.tensorflow === undefined ? undefined : explainCpu(taken.tensorflow);
  const notes = [...reports.map(({ note }) => note), onCpu].flatMap((note) =>
    note === undefined ? [] : [`\n    ${note}`],
  );
  const gpu = taken.tensorflow?.device === 'gpu';
  const text = `${tier}${[...reasons, ...notes].join('')}`;
  const refusal = refusePrecision(engine, { tier, gpu });
  const version = taken.tensorflow?.version;
  return { tier, gpu, version, text, refusal, notice: describePrecision(engine, { tier, gpu }) };
}
