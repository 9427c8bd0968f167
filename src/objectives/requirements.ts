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

/** The one target of objectives that are for a class out of two. Throws HeldoutError where there is another. */
export function requireBinary(name: string, heads: readonly Head[]): Head {
  const [head, ...others] = heads;
  if (head?.kind === 'binary' && others.length === 0) return head;
  const found = heads.map((each) => `${each.name} (${each.kind})`).join(', ');
  throw new HeldoutError({
    code: 'E_OBJECTIVE_TARGETS',
    message: `the objective ${name} is for one binary target, but the dataset asks for ${found}`,
    place: 'objective.name',
    hints: ['choose a dataset with one binary target', 'objective=cross_entropy'],
  });
}

/** The one target of objectives that are for one class. Throws HeldoutError where there is another. */
export function requireClasses(name: string, heads: readonly Head[]): Head {
  requireTargets('classes', name, heads);
  const [head, ...others] = heads;
  if (head !== undefined && others.length === 0) return head;
  throw new HeldoutError({
    code: 'E_OBJECTIVE_TARGETS',
    message: `the objective ${name} is for one target, but the dataset asks for ${heads.map((each) => each.name).join(', ')}`,
    place: 'objective.name',
    hints: ['choose a dataset with one target', 'objective=cross_entropy'],
  });
}
