import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { definitions } from './definitions/catalogue.js';
import { directions } from './definitions/definition.js';
import { scoreDefinitions } from './scores/catalogue.js';

it('the README lists the catalogue', () => {
  const rows = [...definitions, ...scoreDefinitions]
    .filter(({ name }) => !/^(fairbench|fairret)_/.test(name))
    .map(({ name, direction, aggregation, formula, peers }) => {
      const cells = [
        `\`${name}\``,
        directions[direction],
        aggregation,
        formula.replaceAll('|', '\\|'),
        peers,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  const table = ['| name | direction | aggregation | formula | peers |', '|---|---|---|---|---|', ...rows];
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  expect(readme.slice(readme.indexOf('<!-- definitions -->\n') + 21).trim()).toBe(table.join('\n'));
});
