import type { RecordRow } from '../predictions.js';
import type { Attack } from './attack-all.js';
import type { Ball } from './ball.js';

/**
 * Share of the attacked examples that the network gets right, whatever the attack tried: groups `{attack: a kind, norm,
 * size}`, and the same with `{by, group}` for the examples of one level of a variable. `all` counts an example only where
 * no kind fooled the network; `none`, of size 0, is the accuracy on the same examples as they are.
 */
export const accuracyUnderAttack = 'accuracy_under_attack';

/** Rows of a set: no attack, then for each size every kind and, where there are several, all together. */
export function attackRows(
  set: string,
  norm: Ball['norm'],
  clean: Uint8Array,
  attacks: readonly Pick<Attack, 'kind' | 'size' | 'right'>[],
  of: { readonly by: string; readonly group: string } | undefined = undefined,
): RecordRow[] {
  const row = (attack: string, size: string, right: Uint8Array): RecordRow => ({
    set,
    metric: accuracyUnderAttack,
    group: { attack, norm, size, ...of },
    value: right.reduce((sum, one) => sum + one, 0) / right.length,
    n: right.length,
  });
  const sizes = [...new Set(attacks.map(({ size }) => size.label))];
  return [
    row('none', '0', clean),
    ...sizes.flatMap((size) => {
      const own = attacks.filter((attack) => attack.size.label === size);
      const each = own.map(({ kind, right }) => row(kind, size, right));
      const all = clean.map((one, at) => Math.min(one, ...own.map(({ right }) => right[at]!)));
      return own.length > 1 ? [...each, row('all', size, all)] : each;
    }),
  ];
}

/** Whether a row of a record is of an attack: what only the model itself, not its predictions, can give. */
export function isAttackRow({ metric }: RecordRow): boolean {
  return metric === accuracyUnderAttack;
}
