import { HeldoutError } from '../core/errors.js';
import { type Head, hasClasses } from '../variables/targets.js';

const remedies = { numbers: 'objective=cross_entropy', classes: 'objective=squared_error' } as const;

/** Throws HeldoutError where a target is of the other sort than an objective is for. */
export function requireTargets(of: 'numbers' | 'classes', name: string, heads: readonly Head[]): void {
  const others = heads.filter((head) => hasClasses(head) !== (of === 'classes'));
  if (others.length === 0) return;
  const names = others.map((head) => head.name).join(', ');
  throw new HeldoutError({
    code: 'E_OBJECTIVE_TARGETS',
    message: `the objective ${name} is for ${of}, but ${names} ${others.length === 1 ? 'is' : 'are'} ${others[0]!.kind}`,
    place: 'objective.name',
    hints: others.length === heads.length ? [remedies[of]] : [],
  });
}
