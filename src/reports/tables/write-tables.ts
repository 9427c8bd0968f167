import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere, removeAtomic, writeFileAtomic } from '../../core/files/files.js';
import { renderers } from '../../tables/index.js';
import type { Table } from '../../tables/table.js';

/** Writes tables in every format to a folder. */
export function writeTables(folder: string, tables: readonly Table[]): void {
  for (const table of tables) {
    for (const [ending, render] of Object.entries(renderers)) {
      const path = join(folder, `${table.name}.${ending}`);
      const text = render(table);
      // So that a study whose disk is read-only by now still shows its tables.
      if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
    }
  }
}

/**
 * Removes the tables that earlier calls left and `kept` does not name: those alone that have the name of one of ours, or
 * begin with it, and are there in every format.
 */
export function removeStaleTables(
  folder: string,
  kept: ReadonlySet<string>,
  tableNames: readonly string[],
): void {
  if (!existsSync(folder)) return;
  const files = new Set(readdirSync(folder));
  const endings = Object.keys(renderers);
  const stems = [...files].flatMap((file) => (file.endsWith('.txt') ? file.slice(0, -'.txt'.length) : []));
  for (const stem of stems) {
    const isOurs =
      tableNames.some((table) => stem === table || stem.startsWith(`${table}-`)) &&
      endings.every((ending) => files.has(`${stem}.${ending}`));
    if (!isOurs || kept.has(stem)) continue;
    for (const ending of endings) removeAtomic(join(folder, `${stem}.${ending}`));
  }
}
