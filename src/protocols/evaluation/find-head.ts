import { HeldoutError } from '../../core/errors.js';
import { type Head, hasClasses, layOutHeads } from '../../variables/targets.js';
import type { Material } from '../prepare.js';

/**
 * The target with classes that is named, or else the only one that the dataset asks for. Throws HeldoutError where there is
 * none, or several and none is named.
 * @param section The part of the config that is about it: `evaluation.attacks`.
 */
export function findHead(
  { dataset }: Material,
  named: string | undefined,
  { section, code }: { readonly section: string; readonly code: string },
): Head {
  const { table, targets, beside = [], name } = dataset;
  const heads = layOutHeads(table, targets).filter(hasClasses);
  const main = heads.filter((head) => !beside.includes(head.name));
  const names = heads.map((head) => head.name).join(', ');
  const [first, ...others] = named === undefined ? main : heads.filter((head) => head.name === named);
  if (first !== undefined && others.length === 0) return first;
  throw new HeldoutError({
    code,
    message:
      named !== undefined
        ? `the dataset ${name} has no target '${named}' with classes`
        : main.length === 0
          ? `no target of the dataset ${name} has classes`
          : `several targets of the dataset ${name} have classes`,
    place: section,
    hints:
      names === ''
        ? ['use a dataset of classes', `~${section}`]
        : [`name one: ++${section}.target=${heads[0]!.name}`, `they are: ${names}`],
  });
}
