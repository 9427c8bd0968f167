import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { sha256 } from '../core/hash.js';
import { canonicalJson } from '../core/json.js';
import { listRuns } from '../runs/list.js';
import { describeHolder } from '../runs/lock/lock.js';
import { readMetrics, withoutTimes } from '../tracking/metrics-log.js';

/** What must be equal in two results folders, by path: the text of text files, the SHA-256 of others. */
export type Snapshot = ReadonlyMap<string, string>;

/** Of a run folder, byte for byte. */
const exact = /^(checkpoints\/.*\.safetensors|predictions\.parquet|record\.json|split\.json)$/;
const text = /\.(json|jsonl|txt|md|csv|tex|svg)$/;

/**
 * Collects what a study comes to: of every run its state, who holds it, half-written files,
 * weights, optimiser, predictions, record, split, and metrics without their times; all tables and figures.
 */
export function collectSnapshot(results: string): Snapshot {
  const snapshot = new Map<string, string>();
  for (const run of listRuns(results)) {
    const prefix = `runs/${run.study}/${run.run}`;
    const { state = 'unknown', stages } = run.status ?? {};
    snapshot.set(`${prefix}/status.json`, canonicalJson({ state, stages: stages ?? {} }));
    snapshot.set(
      `${prefix}/metrics.jsonl`,
      readMetrics(run.paths.metrics).map(withoutTimes).map(canonicalJson).join('\n'),
    );
    for (const name of listFiles(run.paths.folder)) {
      const path = join(run.paths.folder, name);
      if (exact.test(name)) snapshot.set(`${prefix}/${name}`, readComparable(path));
      // What a process leaves that is killed while it tries for the lock is for `clean`.
      if (/\.tmp(\/|$)/.test(name) && !name.startsWith('lock')) snapshot.set(`${prefix}/${name}`, 'left');
    }
    if (run.holder !== undefined) snapshot.set(`${prefix}/lock`, describeHolder(run.holder));
  }
  for (const [folder, wanted] of [
    ['tables', /(?<!\.tmp)$/],
    ['figures', /\.(svg|png)$/],
  ] as const) {
    for (const name of listFiles(join(results, folder)).filter((file) => wanted.test(file))) {
      snapshot.set(`${folder}/${name}`, readComparable(join(results, folder, name)));
    }
  }
  return snapshot;
}

/** Differences in words, one per path; none when the snapshots are equal. */
export function compareSnapshots(expected: Snapshot, actual: Snapshot): readonly string[] {
  const paths = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [expected.get(path), actual.get(path)];
    if (before === after) return [];
    if (before === undefined) return [`${path} should not be there: ${describe(after)}`];
    if (after === undefined) return [`${path} is missing`];
    return [`${path} differs: ${describeDifference(before, after)}`];
  });
}

function readComparable(path: string): string {
  const bytes = readFileSync(path);
  return text.test(path) ? bytes.toString('utf8') : `sha256 ${sha256(bytes)}`;
}

/** The first line that is not the same, from where it begins to differ. */
function describeDifference(before: string, after: string): string {
  const [left, right] = [before.split('\n'), after.split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  if (line < 0)
    return `${right.length - left.length} further lines, the first: ${describe(right[left.length])}`;
  const [a, b] = [left[line] ?? '', right[line]];
  if (b === undefined) return `it ends before line ${line + 1}: ${describe(a)}`;
  const column = [...a].findIndex((letter, index) => letter !== b[index]);
  const from = Math.max(0, (column < 0 ? a.length : column) - 20);
  return `line ${line + 1}: expected ${describe(a.slice(from))}, found ${describe(b.slice(from))}`;
}

function describe(value: string | undefined): string {
  return JSON.stringify((value ?? '').slice(0, 100));
}

/** Every file below a folder, by its path relative to it. */
function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch {
    return [];
  }
}
