/** What attacks are called in the names of metrics, `accuracy@apgd-dlr-linf-0.1`; other copies are corrupted. */
export const attackNames = ['apgd', 'pgd', 'fgsm', 'square', 'attack'] as const;

const prefix = 'accuracy@';

/** Mean accuracy on copies of a set that were attacked, or corrupted; NaN where there are none. */
export function meanOfAltered(
  metrics: Readonly<Record<string, number>>,
  how: 'attacked' | 'corrupted',
  attacks: readonly string[] = attackNames,
): number {
  const found = Object.entries(metrics).flatMap(([name, value]) => {
    if (!name.startsWith(prefix)) return [];
    const isAttack = attacks.some((attack) => name.slice(prefix.length).startsWith(attack));
    return isAttack === (how === 'attacked') ? [value] : [];
  });
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}
