import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { groupBy } from '../../analysis/records.js';
import { readTextIfThere, removeAtomic, writeFileAtomic } from '../../core/files/files.js';
import { identify, sha256 } from '../../core/hash.js';
import { isJsonObject } from '../../core/json.js';
import { writeFigure } from '../../figures/render.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { isPageName, refuseWithoutPage, writePages } from '../pages/page-catalogue.js';
import { drawFigure, explainLack, type FigureName } from './figure-catalogue.js';
import { type FigureInputs, pathsOf } from './figure-inputs.js';

export interface FigureOptions extends FigureInputs {
  readonly names: readonly FigureName[];
  /** Whether these are all figures of the study: then they are drawn only when their inputs changed. */
  readonly whole: boolean;
  /** Names the code that draws: a change draws anew. */
  readonly build: string;
}

export interface WrittenFigures {
  readonly folder: string;
  readonly files: readonly string[];
}

/** Draws figures of a study to `figures/<name>/`, unless those of the same inputs stand there. */
export async function writeStudyFigures(options: FigureOptions): Promise<WrittenFigures> {
  const { plan, resultsFolder, study, whole } = options;
  const folder = join(resultsFolder, 'figures', plan.name);
  if (study.records.length === 0) return { folder, files: [] };
  if (!whole) return { folder, files: await drawAll(options, folder) };
  const stampFile = join(folder, 'inputs.json');
  const stamp = readStamp(readTextIfThere(stampFile));
  const former = stamp?.files.map((name) => join(folder, name)) ?? [];
  const inputs = identifyInputs(options);
  if (stamp?.inputs === inputs && former.every((file) => existsSync(file))) return { folder, files: former };
  const files = await drawAll(options, folder);
  for (const file of former) {
    if (!files.includes(file) && existsSync(file)) removeAtomic(file);
  }
  const names = files.map((file) => relative(folder, file));
  writeFileAtomic(stampFile, `${JSON.stringify({ inputs, files: names }, null, 2)}\n`);
  return { folder, files };
}

async function drawAll(options: FigureOptions, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of options.names) {
    if (isPageName(name)) {
      const pages = await writePages(name, options, folder);
      if (pages.length === 0 && !options.whole) throw refuseWithoutPage(name);
      files.push(...pages);
      continue;
    }
    for (const [file, svg] of await drawFigure(name, options))
      files.push(...(await writeFigure(folder, file, svg)));
  }
  return files;
}

/** Why figures are not drawn, or not whole: the figures by what is lacking. */
export function explainLacks(options: FigureOptions): ReadonlyMap<string, readonly FigureName[]> {
  const found = options.names.flatMap((name) => {
    const lack = explainLack(name, options);
    return lack === undefined ? [] : [{ name, lack }];
  });
  const lacks = groupBy(found, ({ lack }) => lack);
  return new Map([...lacks].map(([lack, members]) => [lack, members.map(({ name }) => name)]));
}

/** Changes with everything that the figures show: choice, order, names and the files of the jobs. */
function identifyInputs(options: FigureOptions): string {
  const { build, names, study } = options;
  const jobs = study.jobs.map((job) => describeInputs(options, job));
  return identify({ build, names, order: study.order, jobs }, 64);
}

function describeInputs(inputs: FigureInputs, job: PlannedJob) {
  const paths = pathsOf(inputs, job);
  const digest = (path: string) => sha256(readTextIfThere(path) ?? '');
  return {
    run: job.run,
    labels: job.labels,
    record: digest(paths.record),
    metrics: digest(paths.metrics),
    split: digest(paths.split),
    circuit: digest(paths.circuit),
    pruning: digest(paths.pruning),
  };
}

interface Stamp {
  readonly inputs: string;
  readonly files: readonly string[];
}

/** Undefined for what is not a stamp, or names files elsewhere: they are ours to remove. */
function readStamp(text = ''): Stamp | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || typeof value.inputs !== 'string' || !Array.isArray(value.files))
      return undefined;
    const files = value.files.filter(
      (name) => typeof name === 'string' && /^[a-z0-9_-]+\.(svg|png|html)$/.test(name),
    );
    return files.length === value.files.length ? { inputs: value.inputs, files } : undefined;
  } catch {
    return undefined;
  }
}
