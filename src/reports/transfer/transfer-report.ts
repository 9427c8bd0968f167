import { join } from 'node:path';
import { analyseTransfer } from '../../analysis/transfer/analyse.js';
import { listFactors } from '../../analysis/transfer/records.js';
import { suggest } from '../../config/suggestions.js';
import { HeldoutError } from '../../core/errors.js';
import type { StoredImport } from '../../imports/store.js';
import { type ImportedTransfer, makeRecords } from '../../imports/transfer-records.js';
import type { Table } from '../../tables/table.js';
import type { AccuracyRow } from '../../tables/transfer/accuracies.js';
import {
  type TransferNumbers,
  type TransferTableName,
  transferTableNames,
  transferTables,
} from '../../tables/transfer/index.js';
import { removeStaleTables, writeTables } from '../tables/write-tables.js';

/** All numbers of an import. */
export interface TransferReport extends TransferNumbers {
  readonly name: string;
  readonly transfer: ImportedTransfer;
  /** A factor of the models by whose levels things are shown apart. */
  readonly by: string | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/** Analyses an import as its choice says. Throws HeldoutError where that names what is not there. */
export function analyseImport({ name, choice, imported }: StoredImport): TransferReport {
  const transfer = makeRecords(imported, choice);
  const { records, notes, find } = transfer;
  if (records.length === 0) {
    throw new HeldoutError({
      code: 'E_IMPORT_PAIRS',
      message: 'there is one dataset alone, and transfer is from one to another',
      place: imported.files[0]?.path ?? name,
      hints: ['add the predictions of the same models on another dataset, in the same file or a second one'],
    });
  }
  const factors = listFactors(records);
  if (choice.by !== undefined && !factors.includes(choice.by)) {
    throw new HeldoutError({
      code: 'E_IMPORT_BY',
      message: `no model has a factor '${choice.by}'`,
      place: `by=${choice.by}`,
      hints: [
        ...suggest(choice.by, factors),
        factors.length === 0
          ? 'factors are further columns of the file: arch, lr, shot ...'
          : `factors are ${factors.join(', ')}`,
      ],
    });
  }
  const analysis = analyseTransfer(records, { by: choice.by, factors: choice.factors }, find);
  return {
    name,
    transfer,
    analysis,
    accuracies: listAccuracies(transfer),
    by: choice.by,
    bins: choice.bins,
    notes,
  };
}

/** Every network on every set that it was tested on. */
export function listAccuracies({ measured }: ImportedTransfer): AccuracyRow[] {
  return measured.map(({ network, id, set, metrics }) => ({
    ...{ network: network.name, id, set: set.name, n: set.examples.length, metrics },
  }));
}

/** Writes tables of an import in every format to `tables/NAME/`; all of them unless some are named. */
export function writeTransferTables(
  report: TransferReport,
  resultsFolder: string,
  names: readonly TransferTableName[] = [],
): { readonly tables: readonly Table[]; readonly folder: string } {
  const folder = join(resultsFolder, 'tables', report.name);
  const whole = names.length === 0;
  const tables = transferTables(report, whole ? transferTableNames : names);
  writeTables(folder, tables);
  if (whole) removeStaleTables(folder, new Set(tables.map(({ name }) => name)), transferTableNames);
  return { tables, folder };
}
