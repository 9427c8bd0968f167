import { HeldoutError } from '../../../core/errors.js';
import { choose } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { makeColumns } from '../../../variables/columns.js';
import { countLevels } from '../../../variables/targets.js';
import type { VariableTable } from '../../../variables/variable.js';
import { rolesOf, type VariableChoice, type VariableChoices } from '../../tabular/choices.js';
import type { ImportedColumn } from '../../tabular/columns/convert.js';
import { usualMissing } from '../../tabular/columns/kinds.js';
import { levelLimit } from '../../tabular/columns/rows.js';
import { makeVariables, shorten } from '../../tabular/variables.js';
import { readAttributes } from './read-attributes.js';

/** Rows of a table of attributes: which image each speaks of, and the variables' columns. */
export interface AttributeRows {
  /** From the folder of images. */
  readonly images: readonly string[];
  readonly columns: readonly AttributeColumn[];
  /** Rows of the table that lack a value. */
  readonly lacking: number;
}

interface AttributeColumn {
  readonly name: string;
  readonly levels: string[];
  readonly codes: number[];
}

/** Rows that have all variables; of these, `sample` at random where that is given. */
export async function readRowsOf(
  path: string,
  choices: VariableChoices,
  {
    imageColumn,
    sample,
    seed,
  }: { readonly imageColumn: string | undefined; readonly sample: number | undefined; readonly seed: number },
): Promise<AttributeRows> {
  const asked = [choices.target, ...choices.protected, ...choices.variables];
  const columns = asked.map(({ column }): AttributeColumn => ({ name: column, levels: [], codes: [] }));
  const codes = asked.map(() => new Map<string, number>());
  const missing = new Set(usualMissing);
  const images: string[] = [];
  let places: readonly number[] = [];
  let imagePlace = 0;
  let lacking = 0;
  await readAttributes(path, {
    begin(names) {
      const find = (name: string, place: string): number => {
        const at = names.indexOf(name);
        if (at !== -1) return at;
        throw new HeldoutError({
          code: 'E_DATA_COLUMN',
          message: `${path} has no column '${name}'`,
          place,
          hints: [`its columns are ${names.join(', ')}`],
        });
      };
      places = asked.map(({ column, place }) => find(column, place));
      imagePlace = imageColumn === undefined ? 0 : find(imageColumn, 'dataset.image_column');
    },
    row(cells) {
      if (places.some((place) => missing.has(cells[place]!))) {
        lacking++;
        return;
      }
      images.push(cells[imagePlace]!);
      for (const [at, { name, levels, codes: column }] of columns.entries()) {
        const cell = cells[places[at]!]!;
        let code = codes[at]!.get(cell);
        if (code === undefined) {
          code = levels.length;
          if (code === levelLimit) throw tooMany(name, asked[at]!.place);
          codes[at]!.set(cell, code);
          levels.push(cell);
        }
        column.push(code);
      }
    },
  });
  const rows = { images, columns, lacking };
  return sample === undefined ? rows : drawRows(rows, sample, seed);
}

function drawRows(rows: AttributeRows, sample: number, seed: number): AttributeRows {
  const { length } = rows.images;
  if (sample > length) {
    throw new HeldoutError({
      code: 'E_DATA_SAMPLE',
      message: `there are ${length} images to draw from, not ${sample}`,
      place: 'dataset.sample',
      hints: ['dataset.sample=null  takes all'],
    });
  }
  return takeRows(rows, [...choose(stream(seed, 'sample'), length, sample).sort()]);
}

/** Some of the rows, in the order that is given. */
export function takeRows(rows: AttributeRows, kept: readonly number[]): AttributeRows {
  return {
    ...rows,
    images: kept.map((row) => rows.images[row]!),
    columns: rows.columns.map(({ name, levels, codes }) => ({
      name,
      levels,
      codes: kept.map((row) => codes[row]!),
    })),
  };
}

/** The variables of the rows. What attributes are that have -1 and 1, as CelebA's, is called no and yes. */
export function tabulateRows(
  { columns, images, lacking }: AttributeRows,
  choices: VariableChoices,
): VariableTable {
  const imported = columns.map(
    ({ name, levels }, at): ImportedColumn => ({ name, stored: 'level', at, levels, unknown: [] }),
  );
  const used = new Map(columns.map(({ name, codes }) => [name, new Set(codes)]));
  const named = <Choice extends VariableChoice>(choice: Choice): Choice => {
    const levels = columns
      .find(({ name }) => name === choice.column)!
      .levels.toSorted()
      .join();
    return levels === '-1,1' ? { ...choice, names: { '-1': 'no', 1: 'yes' } } : choice;
  };
  const coded = makeVariables(
    { columns: imported, used },
    {
      ...choices,
      target: named(choices.target),
      protected: choices.protected.map(named),
      variables: choices.variables.map(named),
    },
  );
  const arrays: Record<string, Uint16Array> = {};
  for (const { variable, column, levelOf } of coded) {
    arrays[variable.name] = Uint16Array.from(columns[column.at]!.codes, (code) => levelOf[code]!);
  }
  const variables = coded.map(({ variable }) => variable);
  const table = makeColumns(images.length, variables, arrays);
  const notes = variables.slice(0, 1 + choices.protected.length).map(({ name, levels }, at) => {
    const counts = countLevels(table, name);
    const words = shorten(levels.map((level, each) => `${level} ${counts[each]!.toLocaleString('en')}`));
    return at === 0 ? `target ${name}: ${levels[1]} is positive (${words})` : `protected ${name}: ${words}`;
  });
  const left =
    lacking === 0 ? '' : `; rows without a value, which are left out: ${lacking.toLocaleString('en')}`;
  return {
    ...table,
    ...rolesOf(choices),
    notes: [`${images.length.toLocaleString('en')} images${left}`, ...notes],
  };
}

function tooMany(name: string, place: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_LEVELS',
    message: `the column ${name} has more than ${levelLimit} levels`,
    place,
    hints: [`${place}=COLUMN names another one`],
  });
}
