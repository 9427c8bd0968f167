import { adultTest, adultTrain } from '../data-files.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { dataError } from '../readers/data-error.js';
import type { ColumnKind } from './columns/kinds.js';
import type { RowCheck, TableLaw } from './columns/law.js';
import { findDataFile, openTable, type TableConfig } from './open-table.js';

export interface AdultConfig extends TableConfig {
  readonly name: string;
  /** `train`: the rows of adult.data; `all`: those of adult.test, too, with the variable `part`. */
  readonly part?: 'train' | 'all' | undefined;
  /** Columns whose groups are to be treated alike, the main one first; `sex` unless given. */
  readonly protected?: readonly ('sex' | 'race')[] | undefined;
}

const header = [
  ...['age', 'workclass', 'fnlwgt', 'education', 'education_num', 'marital_status', 'occupation'],
  ...['relationship', 'race', 'sex', 'capital_gain', 'capital_loss', 'hours_per_week', 'native_country'],
  'income',
] as const;

/** `education` says what `education_num` says; `fnlwgt` is how many people a row stands for. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  ...{ age: 'numeric', education_num: 'numeric', hours_per_week: 'numeric' },
  ...{ capital_gain: 'log1p', capital_loss: 'log1p', fnlwgt: 'drop', education: 'drop' },
  ...{ workclass: 'categorical', marital_status: 'categorical', occupation: 'categorical' },
  ...{ relationship: 'categorical', race: 'categorical', native_country: 'categorical' },
  sex: 'categorical',
};

/** Counts of a published file: people above 50K, and all, by sex; rows without a missing value. */
interface Counts {
  readonly Male: readonly [number, number];
  readonly Female: readonly [number, number];
  readonly complete: number;
}

const published: Readonly<Record<'train' | 'test', Counts>> = {
  train: { Male: [6662, 21_790], Female: [1179, 10_771], complete: 30_162 },
  test: { Male: [3256, 10_860], Female: [590, 5421], complete: 15_060 },
};

/**
 * Census income (Kohavi and Becker 1996): whether 48,842 people earned more than 50,000 dollars in 1994. The files are
 * those of UCI or copies of them, with or without the comment line and the dots of adult.test.
 */
export const adult: DatasetSource<AdultConfig> = {
  table: async (config, dataFolder) => (await openAdult(config, dataFolder)).table,
  open: openAdult,
};

async function openAdult(config: AdultConfig, dataFolder: string): Promise<Dataset> {
  const { part = 'train', protected: groups = ['sex'] } = config;
  const files = [{ path: findDataFile(adultTrain, dataFolder), law: readAs('train') }];
  if (part === 'all') files.push({ path: findDataFile(adultTest, dataFolder), law: readAs('test') });
  return openTable(
    files,
    {
      name: 'adult',
      target: { column: 'income', place: 'dataset.name' },
      protected: groups.map((column) => ({ column, place: 'dataset.protected' })),
      kinds,
      open: true,
    },
    config,
  );
}

function readAs(part: 'train' | 'test'): Omit<TableLaw, 'declared' | 'known'> {
  return {
    version: `adult ${part} 1`,
    format: { delimiter: ',', comment: '|' },
    header,
    repeated: 'refuse',
    missing: ['?'],
    others: 'drop',
    tidy: { income: (cell) => cell.replace(/\.$/, '') },
    check: () => countRows(published[part]),
  };
}

function countRows(expected: Counts): RowCheck {
  const found = { Male: [0, 0], Female: [0, 0] };
  let complete = 0;
  return {
    keep(cell) {
      const sex = cell('sex');
      if (sex === 'Male' || sex === 'Female') {
        found[sex][1]!++;
        if (cell('income').startsWith('>50K')) found[sex][0]!++;
      }
      if (header.every((name) => cell(name) !== '?')) complete++;
      return true;
    },
    end(path) {
      const words = ({ Male, Female, complete: whole }: Counts) =>
        `${Male[0]} of ${Male[1]} men and ${Female[0]} of ${Female[1]} women above 50K, ${whole} complete rows`;
      const counted = words({ ...(found as unknown as Counts), complete });
      if (counted === words(expected)) return;
      throw dataError(path, `this is not the published file: ${counted}, where it has ${words(expected)}`);
    },
  };
}
