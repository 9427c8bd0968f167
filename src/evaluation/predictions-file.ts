import { HeldoutError } from '../core/errors.js';
import { readBytesIfThere } from '../core/files/files.js';
import { readParquetColumns } from '../core/files/parquet-columns.js';
import { sha256 } from '../core/hash.js';
import { canonicalJson, isJsonObject } from '../core/json.js';
import type { PredictionsContext, PredictionsTable } from './predictions.js';

const metadataKey = 'heldout';

interface FileMetadata {
  readonly schema: 1;
  readonly variables: readonly string[];
  readonly targets: readonly string[];
  /** Names of the categorical targets, where there are such. */
  readonly classes?: readonly string[];
  /** Names of the variables that were probed, where there are such. */
  readonly probes?: readonly string[];
  readonly context: PredictionsContext;
  /** SHA-256 over all columns: Parquet itself would hand out a flipped byte as a number. */
  readonly checksum: string;
}

/**
 * A table as a Parquet file: columns `example`, `set`, `held`, one of level indices per variable, then
 * `target_<name>` and `prediction_<name>` per numeric target and `logit_<name>_<class>` per class of a categorical one
 * (its truth is the variable's level index), and `probe_<name>` per probed variable; the context stands as JSON in the key-value metadata
 * under `heldout`. Equal tables give equal bytes.
 */
export async function encodePredictions(table: PredictionsTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const metadata: FileMetadata = {
    schema: 1,
    variables: Object.keys(table.variables),
    targets: Object.keys(table.targets),
    ...(table.logits && { classes: Object.keys(table.logits) }),
    ...(table.probes && { probes: Object.keys(table.probes) }),
    context: table.context,
    checksum: checksumOf(table),
  };
  const integers = (name: string, data: ArrayLike<number>) =>
    ({ name, data: Int32Array.from(data), type: 'INT32', nullable: false }) as const;
  const floats = (name: string, data: Float32Array) =>
    ({ name, data, type: 'FLOAT', nullable: false }) as const;
  const strings = (name: string, data: readonly string[]) => ({
    name,
    data: [...data],
    type: 'STRING' as const,
    nullable: false,
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      integers('example', table.example),
      strings('set', table.set),
      strings('held', table.held),
      ...Object.entries(table.variables).map(([name, data]) => integers(name, data)),
      ...Object.entries(table.targets).map(([name, data]) => floats(`target_${name}`, data)),
      ...Object.entries(table.predictions).map(([name, data]) => floats(`prediction_${name}`, data)),
      ...listLogits(table).map(({ name, data }) => floats(name, data)),
      ...Object.entries(table.probes ?? {}).map(([name, data]) => floats(`probe_${name}`, data)),
    ],
    rowGroupSize: Math.max(1, table.example.length),
    kvMetadata: [{ key: metadataKey, value: canonicalJson(metadata) }],
    createdBy: 'heldout',
  });
  return new Uint8Array(buffer);
}

/**
 * Reads what `encodePredictions` made. Throws HeldoutError when the file is absent, truncated or altered;
 * `run` names the run in the hint that says how to make it again.
 */
export async function readPredictions(path: string, run?: string): Promise<PredictionsTable> {
  const bytes = readBytes(path, run);
  let table: PredictionsTable | undefined;
  let cause: unknown;
  try {
    table = await decode(bytes);
  } catch (error) {
    cause = error;
  }
  if (table !== undefined) return table;
  throw new HeldoutError({
    code: 'E_PREDICTIONS_CORRUPT',
    message: 'the predictions file is truncated or damaged',
    place: path,
    hints: evaluateAgain(run),
    exitCode: 1,
    cause,
  });
}

function readBytes(path: string, run: string | undefined): ArrayBuffer {
  const bytes = readBytesIfThere(path);
  if (bytes !== undefined) return new Uint8Array(bytes).buffer;
  throw new HeldoutError({
    code: 'E_PREDICTIONS_ABSENT',
    message: 'there is no predictions file',
    place: path,
    hints: evaluateAgain(run),
    exitCode: 1,
  });
}

/** Undefined, or an error of the Parquet reader, when the bytes are not such a table. */
async function decode(bytes: ArrayBuffer): Promise<PredictionsTable | undefined> {
  const { parquetMetadata } = await import('hyparquet');
  const parquet = parquetMetadata(bytes);
  const text = parquet.key_value_metadata?.find((entry) => entry.key === metadataKey)?.value;
  const metadata = text === undefined ? undefined : parseMetadata(text);
  if (metadata === undefined) return undefined;
  const size = Number(parquet.num_rows);
  const columns = await readParquetColumns(bytes);
  const column = (name: string): ArrayLike<unknown> => {
    const found = columns.get(name) ?? (size === 0 ? [] : undefined);
    if (found?.length !== size) throw new RangeError(`column ${name} is missing or too short`);
    return found;
  };
  const numbers = (name: string) => column(name) as ArrayLike<number>;
  const table: PredictionsTable = {
    example: Uint32Array.from(numbers('example')),
    set: Array.from(column('set'), String),
    held: Array.from(column('held'), String),
    variables: collect(metadata.variables, (name) => Uint16Array.from(numbers(name))),
    targets: collect(metadata.targets, (name) => Float32Array.from(numbers(`target_${name}`))),
    predictions: collect(metadata.targets, (name) => Float32Array.from(numbers(`prediction_${name}`))),
    ...(metadata.classes && {
      logits: collect(metadata.classes, (name) =>
        interleave(logitColumns(metadata.context, name).map(numbers), size),
      ),
    }),
    ...(metadata.probes && {
      probes: collect(metadata.probes, (name) => Float32Array.from(numbers(`probe_${name}`))),
    }),
    context: metadata.context,
  };
  return checksumOf(table) === metadata.checksum ? table : undefined;
}

/** One column name per class of a categorical target. */
function logitColumns({ names = {} }: PredictionsContext, target: string): readonly string[] {
  return names[target]!.map((_, at) => `logit_${target}_${at}`);
}

/** A column per class of every categorical target. */
function listLogits({ logits = {}, example, context }: PredictionsTable) {
  return Object.entries(logits).flatMap(([target, rows]) =>
    logitColumns(context, target).map((name, at, { length: classes }) => {
      return { name, data: Float32Array.from(example, (_, row) => rows[row * classes + at]!) };
    }),
  );
}

/** Columns side by side, row-major. */
function interleave(columns: readonly ArrayLike<number>[], rows: number): Float32Array {
  const whole = new Float32Array(rows * columns.length);
  columns.forEach((column, at) => {
    for (let row = 0; row < rows; row++) whole[row * columns.length + at] = column[row]!;
  });
  return whole;
}

function parseMetadata(text: string): FileMetadata | undefined {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) && value.schema === 1 ? (value as unknown as FileMetadata) : undefined;
}

function checksumOf(table: PredictionsTable): string {
  const named = (columns: Readonly<Record<string, NodeJS.ArrayBufferView>>) =>
    Object.entries(columns).flatMap(([name, column]) => [`${name}\n`, column]);
  return sha256(
    table.example,
    `${table.set.join('\n')}\n\n${table.held.join('\n')}\n\n`,
    ...named(table.variables),
    ...named(table.targets),
    ...named(table.predictions),
    ...named(table.logits ?? {}),
    ...named(table.probes ?? {}),
    canonicalJson(table.context),
  );
}

function collect<Value>(names: readonly string[], read: (name: string) => Value): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

function evaluateAgain(run: string | undefined): string[] {
  return [`npm run experiment -- evaluate ${run ?? 'RUN'}`];
}
