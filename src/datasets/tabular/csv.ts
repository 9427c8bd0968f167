import { HeldoutError } from '../../core/errors.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { chooseEnvironment } from './choices.js';
import { usualMissing } from './columns/kinds.js';
import { findNamedFile, openTable, type TableConfig } from './open-table.js';
import type { Delimiter } from './reading/delimited.js';

export interface CsvConfig extends TableConfig {
  readonly name: string;
  /** From the data folder where it is relative. */
  readonly file: string;
  /** A second file with rows of the part `test`. */
  readonly test_file?: string | null | undefined;
  /** A column of two values, or of more that `positive` makes two of. */
  readonly target: string;
  /** The value of it that counts as positive, the last one unless given; a list: these against all others. */
  readonly positive?: string | readonly string[] | null | undefined;
  /** Columns whose groups are to be treated alike, the main one first. */
  readonly protected?: string | readonly string[] | undefined;
  /** Columns that become variables, too, to split and group by. */
  readonly variables?: readonly string[] | undefined;
  /** The column whose values are environments; a variable, and no input. */
  readonly environment?: string | null | undefined;
  readonly delimiter?: Delimiter | 'auto' | undefined;
  /** Names of the columns where the file has none. */
  readonly header?: readonly string[] | null | undefined;
  readonly repeated?: 'refuse' | 'number' | undefined;
  /** Cells without a value. */
  readonly missing_cells?: readonly string[] | undefined;
}

/** Any table of delimited text with a target of two values. Columns are typed by looking where the config does not say. */
export const csv: DatasetSource<CsvConfig> = {
  table: async (config, dataFolder) => (await openCsv(config, dataFolder)).table,
  open: openCsv,
};

async function openCsv(config: CsvConfig, dataFolder: string): Promise<Dataset> {
  const { file, test_file, target, positive, variables = [] } = config;
  const groups = typeof config.protected === 'string' ? [config.protected] : (config.protected ?? []);
  checkRoles([
    ['dataset.target', [target]],
    ['dataset.protected', groups],
    ['dataset.variables', variables],
    ['dataset.environment', listEnvironment(config, [...groups, ...variables])],
  ]);
  const law = {
    version: 'csv 1',
    format: { delimiter: config.delimiter ?? 'auto' },
    header: config.header ?? undefined,
    repeated: config.repeated ?? 'refuse',
    missing: config.missing_cells ?? usualMissing,
    others: 'look',
  } as const;
  const paths = [
    findNamedFile(file, dataFolder, 'dataset.file'),
    ...(test_file == null ? [] : [findNamedFile(test_file, dataFolder, 'dataset.test_file')]),
  ];
  return openTable(
    paths.map((path) => ({ path, law })),
    {
      name: 'csv',
      target: { column: target, place: 'dataset.target', positive: positive ?? undefined },
      protected: groups.map((column) => ({ column, place: 'dataset.protected' })),
      ...chooseEnvironment(config.environment, target, groups, variables),
    },
    config,
  );
}

/** The column of environments, unless it is named for something else as well. */
function listEnvironment({ environment, target }: CsvConfig, others: readonly string[]): readonly string[] {
  return environment == null || environment === target || others.includes(environment) ? [] : [environment];
}

/** A column can be one variable alone, and `part` is that of the two files. */
function checkRoles(roles: readonly (readonly [place: string, columns: readonly string[]])[]): void {
  const taken = new Map<string, string>();
  for (const [place, columns] of roles) {
    for (const column of columns) {
      const before =
        taken.get(column) ?? (column === 'part' ? 'the variable that tells two files apart' : undefined);
      if (before === undefined) taken.set(column, place);
      else {
        throw new HeldoutError({
          code: 'E_DATA_COLUMN',
          message: `'${column}' is ${before} already`,
          place,
          hints: column === 'part' ? ['rename the column in the file'] : ['name each column once'],
        });
      }
    }
  }
}
