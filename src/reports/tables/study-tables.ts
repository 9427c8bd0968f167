import { join } from 'node:path';
import { fewestBlocks } from '../../analysis/ranks/friedman.js';
import { HeldoutError } from '../../core/errors.js';
import { countBlocks, hasBlocks } from '../../tables/domainbed/algorithm-ranks.js';
import type { DomainStudy } from '../../tables/domainbed/selected.js';
import type { GroupRun } from '../../tables/groups.js';
import { costTable, fairnessTables, groupTables, studyTables } from '../../tables/study-tables.js';
import type { Table } from '../../tables/table.js';
import { transferTables } from '../../tables/transfer/index.js';
import type { StudyRecords } from '../records/study-records.js';
import { divideNames, type TableName, tableNames } from './table-catalogue.js';
import { removeStaleTables, writeTables } from './write-tables.js';

export interface WrittenTables {
  readonly tables: readonly Table[];
  readonly folder: string;
}

export interface TableOptions {
  readonly names: readonly TableName[];
  /** Whether these are all tables of the study: others that lie there are then removed. */
  readonly whole: boolean;
}

/** Builds tables of a study from its records and writes each in every format to `tables/<name>/`. */
export async function writeStudyTables(
  name: string,
  resultsFolder: string,
  study: StudyRecords,
  { names, whole }: TableOptions,
): Promise<WrittenTables> {
  const folder = join(resultsFolder, 'tables', name);
  if (study.records.length === 0) return { tables: [], folder };
  const tables = await buildStudyTables(study, { names, whole });
  writeTables(folder, tables);
  if (whole) removeStaleTables(folder, new Set(tables.map((table) => table.name)), tableNames);
  return { tables, folder };
}

/** Builds tables of a study from its records, and from the predictions of its runs where tables are about these. */
export async function buildStudyTables(
  study: StudyRecords,
  { names: all, whole }: TableOptions,
): Promise<readonly Table[]> {
  const { records: names, transfer } = divideNames(all);
  const records = names.includes(costTable) ? study.withCosts() : study.records;
  const asked = names.filter((table) => groupTables.includes(table));
  const groups = asked.length > 0 ? await study.groups() : [];
  if (asked.length > 0 && !whole) refuseWithoutGroups(asked[0]!, groups);
  const askedFair = names.find((table) => fairnessTables.includes(table));
  const fairness = askedFair === undefined ? [] : await study.fairness();
  if (askedFair !== undefined && !whole && fairness.length === 0) throw refuseWithoutFairness(askedFair);
  const domains = study.domains();
  if (names.includes('algorithm-ranks') && !whole) refuseWithoutBlocks(domains);
  const ofRecords = studyTables(records, {
    groups,
    fairness,
    domains,
    order: study.order,
    names,
    comparisons: study.comparisons,
    complete: study.complete,
    corruptionBaseline: study.corruptionBaseline,
  });
  if (transfer.length === 0) return ofRecords;
  const report = await study.transfer();
  if (report === undefined && !whole) throw refuseWithoutTransfer(transfer[0]!);
  return [...ofRecords, ...(report === undefined ? [] : transferTables(report, transfer))];
}

/** Who asks for a table of transfer by name is told what it is about. */
function refuseWithoutTransfer(table: TableName): HeldoutError {
  return new HeldoutError({
    code: 'E_TABLE_TRANSFER',
    message: `there is no ${table}: no run of this study was trained on one environment and tested on others`,
    place: 'split.train',
    hints: [
      'npm run experiment -- experiment=digits-transfer',
      'npm run experiment -- -m dataset=pacs split=one-domain split.train=0,1,2,3 objective=cross_entropy',
    ],
  });
}

/** Who asks for a table of groups by name is told why there is none. */
function refuseWithoutGroups(table: TableName, groups: readonly GroupRun[]): void {
  if (groups.some(({ analyses }) => analyses.length > 0)) return;
  const unnamed = groups.length === 0;
  throw new HeldoutError({
    code: 'E_TABLE_GROUPS',
    message: unnamed
      ? `there is no ${table}: no run of this study says which variables are protected`
      : `there is no ${table}: no run has people with a target of two classes in that set`,
    place: unnamed ? 'evaluation.protected' : 'study.group_set',
    hints: unnamed
      ? ["type the study's command with '+evaluation.protected=[sex]': what is trained is evaluated anew"]
      : ["type the study's command with study.group_set=validation, or another set of its split"],
  });
}

/** Who asks for ranks by name is told what the tests want. */
function refuseWithoutBlocks(domains: readonly DomainStudy[]): void {
  if (domains.some(hasBlocks)) return;
  const most = Math.max(0, ...domains.map(countBlocks));
  throw new HeldoutError({
    code: 'E_TABLE_RANKS',
    message: `there is no algorithm-ranks: its tests want at least ${fewestBlocks} environments, each held out for at least 2 algorithms, and this study has ${most}`,
    place: 'split.test',
    hints: [
      'npm run experiment -- --config domainbed.yaml dataset=rotated_mnist algorithm=erm,irm',
      'selection-sensitivity ranks algorithms on fewer environments, without a test',
    ],
  });
}

function refuseWithoutFairness(table: TableName): HeldoutError {
  return new HeldoutError({
    code: 'E_TABLE_FAIRNESS',
    message: `there is no ${table}: no run of this study has a binary target, groups that evaluation.protected names, and the sets validation and test`,
    place: 'evaluation.protected',
    hints: [
      'npm run experiment -- --config fairness.yaml',
      "add '+evaluation.protected=[sex]' split=stratified",
    ],
  });
}
