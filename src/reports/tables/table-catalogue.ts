import {
  type TableName as OfRecords,
  tableNames as ofRecords,
  usualTables,
} from '../../tables/study-tables.js';
import { type TransferTableName, transferTableNames } from '../../tables/transfer/index.js';

/** All tables that a study may have: those of its records, and those of transfer, which are made where they are asked for. */
export type TableName = OfRecords | TransferTableName;
export const tableNames: readonly TableName[] = [...ofRecords, ...transferTableNames];
export { usualTables };

/** The names of either kind, in their order. */
export function divideNames(names: readonly TableName[]): {
  readonly records: readonly OfRecords[];
  readonly transfer: readonly TransferTableName[];
} {
  return {
    records: ofRecords.filter((name) => names.includes(name)),
    transfer: transferTableNames.filter((name) => names.includes(name)),
  };
}
