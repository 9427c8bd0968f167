import type { ExitCode } from '../../../core/errors.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { type CircuitRun, openCircuitRun } from '../../circuits/circuit-run.js';
import { observe } from '../../circuits/observe.js';
import { listCircuits } from '../../circuits/study-circuits.js';
import { writeCircuitPage } from '../../circuits/write-page.js';
import { readOperand } from '../../derived/read-operand.js';
import { findPlan } from '../../find-plan.js';
import { findRunIfAny } from '../../find-run.js';
import { print, printNotice } from '../../output/print.js';
import { inPlace } from '../../output/results.js';

/**
 * `circuit RUN`, `circuit STUDY`: looks at trained circuits once (links before and after training, where modules look)
 * keeps what it sees beside their records, for figures, and writes a page on each.
 */
export async function showCircuits(args: Arguments): Promise<ExitCode> {
  const none = 'npm run experiment -- circuit RUN takes no options';
  const words = { command: 'circuit', operand: 'RUN', options: none } as const;
  const { name, results: folder } = readOperand(args, args.words, words);
  const found = findRunIfAny(folder, name);
  const results = found?.results ?? folder;
  const { circuits, unfinished } =
    found === undefined
      ? circuitsOf(folder, name)
      : { circuits: [openCircuitRun(found.paths.folder)], unfinished: [] };
  return inPlace(results, async () => {
    for (const [done, circuit] of circuits.entries()) {
      const { facts, code } = await observe(circuit, args, { total: circuits.length, done });
      if (facts === undefined) return code;
      print(`Page     ${await writeCircuitPage(results, circuit, facts)}`);
    }
    for (const note of unfinished) printNotice(note);
    return unfinished.length === 0 ? 0 : 1;
  });
}

function circuitsOf(
  results: string,
  name: string,
): { readonly circuits: readonly CircuitRun[]; readonly unfinished: readonly string[] } {
  const plan = findPlan(results, name);
  return listCircuits(plan, planStatus(plan, results));
}
