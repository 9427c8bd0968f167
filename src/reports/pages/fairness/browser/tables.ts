import { element } from '../../browser/dom.js';

export interface Cell {
  readonly text: string;
  /** A line to the left of it: here something else begins. */
  readonly split?: boolean;
}

/** A table of headers and rows; the first cell of a row is its header. */
export function fillTable(
  table: HTMLElement,
  header: readonly (string | Cell)[],
  rows: readonly { readonly cells: readonly (string | Cell)[]; readonly own?: boolean }[],
): void {
  table.replaceChildren(
    element('thead', {}, element('tr', {}, ...header.map((cell) => makeCell('th', cell, { scope: 'col' })))),
    element(
      'tbody',
      {},
      ...rows.map(({ cells, own = false }) =>
        element(
          'tr',
          own ? { class: 'own' } : {},
          ...cells.map((cell, at) =>
            makeCell(at === 0 ? 'th' : 'td', cell, at === 0 ? { scope: 'row' } : {}),
          ),
        ),
      ),
    ),
  );
}

function makeCell(
  tag: 'th' | 'td',
  cell: string | Cell,
  attributes: Readonly<Record<string, string>>,
): HTMLElement {
  const { text, split = false } = typeof cell === 'string' ? { text: cell } : cell;
  return element(tag, { ...attributes, ...(split && { class: 'split' }) }, text);
}
