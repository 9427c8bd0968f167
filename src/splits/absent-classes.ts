import { nameLevels } from '../variables/levels.js';
import type { VariableTable } from '../variables/variable.js';

/** Which classes have no example in which environment, a sentence for each environment that lacks some. */
export function listAbsentClasses(table: VariableTable): readonly string[] {
  const { environment, label } = table;
  if (environment === undefined || label === undefined) return [];
  const [domains, classes] = [table.variable(environment), table.variable(label)];
  const width = classes.levels.length;
  const counts = new Uint32Array(domains.levels.length * width);
  const [rows, columns] = [table.column(environment), table.column(label)];
  for (let example = 0; example < table.size; example++)
    counts[rows[example]! * width + columns[example]!]!++;
  const names = nameLevels(classes);
  return nameLevels(domains).flatMap((domain, at) => {
    const absent = names.filter((_, level) => counts[at * width + level] === 0);
    if (absent.length === 0) return [];
    const shown = absent.length > 8 ? `${absent.slice(0, 8).join(', ')}, ...` : absent.join(', ');
    return [`no example of ${environment} ${domain} has ${label} ${shown}`];
  });
}
