import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawNormal } from '../../analysis/transfer/testing/planted.js';
import { stream } from '../../random/stream.js';

/** Writes texts to a new folder of files; returns its path. */
export function writeFiles(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-imports-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export interface PublishedLike {
  readonly models?: number;
  readonly sets?: Readonly<Record<string, { readonly examples: number; readonly harder: number }>>;
  readonly classes?: number;
}

/** Rows of a table of predictions as they are published: models of rising skill on a set and its harder twin. */
export function makePublished({
  models = 8,
  sets = { photos: { examples: 300, harder: 0 }, sketches: { examples: 200, harder: 0.8 } },
  classes = 3,
}: PublishedLike = {}): {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
} {
  const names = Array.from({ length: classes }, (_, at) => `logit_${at}`);
  const header = ['model', 'dataset', 'example', 'label', ...names, 'arch', 'lr', 'group_half'];
  const rows = Object.entries(sets).flatMap(([set, { examples, harder }]) => {
    const source = stream(0, 'published', set);
    const [labels, hard] = [[] as number[], [] as number[]];
    for (let at = 0; at < examples; at++) {
      labels.push(at % classes);
      hard.push(drawNormal(source));
    }
    return Array.from({ length: models }, (_, model) =>
      labels.map((label, at) => {
        const logits = names.map((_, k) => {
          const signal = k === label ? 1 + 0.4 * model - harder - hard[at]! : 0;
          return Number((signal + drawNormal(source)).toFixed(4));
        });
        const factors = [`net${model % 2}`, model < models / 2 ? '0.1' : '0.01'];
        return [
          `m${model}`,
          set,
          `${set}-${at}`,
          label,
          ...logits,
          ...factors,
          at < examples / 2 ? 'a' : 'b',
        ];
      }),
    ).flat();
  });
  return { header, rows };
}

export function toCsv({ header, rows }: ReturnType<typeof makePublished>): string {
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}
