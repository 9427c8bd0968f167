import { canonicalJson } from '../../core/json.js';
import type { Table } from '../table.js';

/** Canonical JSON of the table with all digits; what is missing stays a cell of kind `missing`. */
export function renderJson(table: Table): string {
  return `${canonicalJson(table)}\n`;
}
