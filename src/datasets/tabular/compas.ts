import { compasScores } from '../data-files.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { dataError } from '../readers/data-error.js';
import type { VariableChoice } from './choices.js';
import type { ColumnKind } from './columns/kinds.js';
import type { RowCheck, TableLaw } from './columns/law.js';
import { findDataFile, openTable, type TableConfig } from './open-table.js';

export interface CompasConfig extends TableConfig {
  readonly name: string;
  /** `two`: African-American and Caucasian people alone; `all`: everybody. */
  readonly races?: 'two' | 'all' | undefined;
  /** Columns whose groups are to be treated alike, the main one first; `race` unless given. */
  readonly protected?: readonly ('race' | 'sex')[] | undefined;
}

const kinds: Readonly<Record<string, ColumnKind>> = {
  ...{ age: 'numeric', juv_fel_count: 'numeric', juv_misd_count: 'numeric', juv_other_count: 'numeric' },
  ...{ priors_count: 'numeric', c_charge_degree: 'categorical', sex: 'categorical' },
};

/** In this order, so that the group 1 of two is the one of which more is predicted. */
const order: Readonly<Record<string, readonly string[]>> = { race: ['Caucasian', 'African-American'] };

/** What must never be kept. */
const personal: readonly string[] = ['name', 'first', 'last', 'dob'];

/**
 * Recidivism within two years of 7,214 people in Broward County (Angwin et al. 2016), filtered as ProPublica does. The
 * positive level is unfavourable. Names and birth dates are dropped where the file has them.
 */
export const compas: DatasetSource<CompasConfig> = {
  table: async (config, dataFolder) => (await openCompas(config, dataFolder)).table,
  open: openCompas,
};

async function openCompas(config: CompasConfig, dataFolder: string): Promise<Dataset> {
  const { races = 'two', protected: groups = ['race'] } = config;
  return openTable(
    [{ path: findDataFile(compasScores, dataFolder), law: readAs(races) }],
    {
      name: 'compas',
      target: {
        column: 'two_year_recid',
        place: 'dataset.name',
        names: { 0: 'desists', 1: 'recidivates' },
      },
      protected: groups.map(
        (column): VariableChoice => ({ column, place: 'dataset.protected', order: order[column] ?? [] }),
      ),
      kinds,
      never: personal,
    },
    config,
  );
}

function readAs(races: 'two' | 'all'): Omit<TableLaw, 'declared' | 'known'> {
  return {
    version: `compas ${races} 1`,
    format: { delimiter: ',' },
    // decile_score and priors_count stand there twice, with the same values.
    repeated: 'number',
    missing: ['', 'N/A'],
    others: 'drop',
    check: () => filterRows(races),
  };
}

/** Keeps whom ProPublica keeps, and counts them. */
function filterRows(races: 'two' | 'all'): RowCheck {
  const counts = { read: 0, filtered: 0, black: [0, 0], white: [0, 0] };
  return {
    keep(cell) {
      counts.read++;
      const days = cell('days_b_screening_arrest');
      const isKept =
        days !== '' &&
        Math.abs(Number(days)) <= 30 &&
        cell('is_recid') !== '-1' &&
        cell('c_charge_degree') !== 'O' &&
        cell('score_text') !== 'N/A';
      if (!isKept) return false;
      counts.filtered++;
      const race = cell('race');
      const group =
        race === 'African-American' ? counts.black : race === 'Caucasian' ? counts.white : undefined;
      if (group !== undefined) {
        group[1]!++;
        if (cell('two_year_recid') === '1') group[0]!++;
      }
      return races === 'all' || group !== undefined;
    },
    end(path) {
      const { read, filtered, black, white } = counts;
      const found = `${read} rows, ${filtered} after the filter, ${black.join(' of ')} African-American and ${white.join(' of ')} Caucasian people recidivate`;
      const expected =
        '7214 rows, 6172 after the filter, 1661 of 3175 African-American and 822 of 2103 Caucasian people recidivate';
      if (found === expected) return;
      throw dataError(path, `this is not the published file: ${found}, where it has ${expected}`);
    },
  };
}
