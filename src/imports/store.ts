import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { errorCode, explainFileError } from '../core/files/file-errors.js';
import { readBytesIfThere, readTextIfThere, writeFolderAtomic } from '../core/files/files.js';
import { sha256 } from '../core/hash.js';
import { isJsonObject } from '../core/json.js';
import type { ImportedFile, ImportedNetwork, ImportedPredictions } from './imported.js';
import { decodeExamples, decodeScores, encodeExamples, encodeScores } from './store-columns.js';

/** What a set is without its examples. */
export interface StoredSet {
  readonly name: string;
  readonly variant: string;
  readonly task: string;
  readonly classes: readonly string[] | null;
}

/** What an import was asked for: enough to analyse it again. */
export interface ImportChoice {
  readonly id?: readonly string[] | undefined;
  readonly bins?: number | undefined;
  readonly factors?: number | undefined;
  readonly by?: string | undefined;
}

interface Manifest {
  readonly schema: 1;
  readonly name: string;
  readonly choice: ImportChoice;
  readonly files: readonly ImportedFile[];
  readonly networks: readonly ImportedNetwork[];
  readonly sets: readonly StoredSet[];
  /** SHA-256 of the other two files. */
  readonly scores: string;
  readonly examples: string;
}

export interface StoredImport {
  readonly name: string;
  readonly choice: ImportChoice;
  readonly imported: ImportedPredictions;
}

export function importsFolder(resultsFolder: string): string {
  return join(resultsFolder, 'imports');
}

/** Names of the imports in a results folder. */
export function listImports(resultsFolder: string): readonly string[] {
  const folder = importsFolder(resultsFolder);
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.endsWith('.tmp'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explainFileError(error, folder, 'read');
  }
}

/** Keeps an import in `imports/NAME`, in place of one of the same name; returns the folder. */
export async function writeImport(resultsFolder: string, stored: StoredImport): Promise<string> {
  const { name, choice, imported } = stored;
  const folder = join(importsFolder(resultsFolder), name);
  const [scores, examples] = [await encodeScores(imported), await encodeExamples(imported.sets)];
  const manifest: Manifest = {
    schema: 1,
    name,
    choice,
    files: imported.files,
    networks: imported.networks,
    sets: imported.sets.map(({ name, variant, task, classes }) => ({
      ...{ name, variant, task },
      classes: classes ?? null,
    })),
    scores: sha256(scores),
    examples: sha256(examples),
  };
  writeFolderAtomic(folder, {
    'import.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'scores.parquet': scores,
    'examples.parquet': examples,
  });
  return folder;
}

/** Reads what `writeImport` kept. Throws HeldoutError where it is not there, or not as it was written. */
export async function readImport(resultsFolder: string, name: string): Promise<StoredImport> {
  const folder = join(importsFolder(resultsFolder), name);
  const manifest = parseManifest(readTextIfThere(join(folder, 'import.json')));
  const [scores, examples] = ['scores.parquet', 'examples.parquet'].map((file) =>
    readBytesIfThere(join(folder, file)),
  );
  if (
    manifest === undefined ||
    scores === undefined ||
    examples === undefined ||
    sha256(scores) !== manifest.scores ||
    sha256(examples) !== manifest.examples
  ) {
    const files = manifest?.files.map(({ path }) => path).join(' ') ?? 'FILE';
    throw new HeldoutError({
      code: 'E_IMPORT_CORRUPT',
      message: `the import ${name} is not whole any more`,
      place: folder,
      hints: [`npm run results -- import ${files} name=${name}`],
      exitCode: 1,
    });
  }
  const sets = await decodeExamples(examples, manifest.sets);
  const found = await decodeScores(scores, sets.length);
  const { choice, files, networks } = manifest;
  return {
    name,
    choice,
    imported: { files, networks, sets, scores: (n, s) => found.get(n * sets.length + s), notes: [] },
  };
}

function parseManifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && value.schema === 1 ? (value as unknown as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
