import { HeldoutError, HeldoutErrors } from '../core/errors.js';
import type { JsonObject } from '../core/json.js';
import { openPrimary } from './compose/primary.js';
import { createFileCache, type FileCache } from './compose/search-path.js';
import { type Composition, compose, resolve, type Session } from './composition.js';
import { leaveOut } from './leave-out.js';
import type { PlacedOverride } from './overrides/apply.js';
import { printOverride, printTarget } from './overrides/printer.js';
import { isSweep } from './overrides/value.js';
import { type Provenance, traceLeaves } from './provenance.js';
import type { ExperimentConfig } from './schema/root.js';
import { validateResolved } from './schema/validate.js';
import type { Settings } from './settings.js';
import {
  type Axis,
  expandGrids,
  joinAxes,
  listGrids,
  type Point,
  parseArguments,
  refuseSweeps,
  scalarAt,
} from './sweep.js';
import { together } from './together.js';
import { type MapNode, toPlain, withNode } from './tree.js';

export interface StudyOptions {
  readonly settings: Settings;
  /** What follows `--config`; `config` without it. */
  readonly config?: string;
  readonly configDirs?: readonly string[];
  /** Override texts as typed. */
  readonly overrides: readonly string[];
  /** `--multirun`. */
  readonly multirun?: boolean;
  /** What relative paths on the command line start from. */
  readonly workingFolder?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Give the same cache to compositions that must see the same files. */
  readonly cache?: FileCache;
}

/** One command line, composed. */
export interface Study extends Composition {
  readonly mode: 'run' | 'multirun';
  /** What varies; empty in mode `run`. */
  readonly axes: readonly Axis[];
  /** What each job has on its axes: those of its grid, where the study has several. */
  readonly points: readonly Point[];
  /** The studies of a sweep over experiments, which each have their own axes. */
  readonly parts: readonly Study[];
  readonly warnings: readonly string[];
}

/** A config that one process runs. */
export interface Job {
  /** All overrides, as one would type them. */
  readonly overrides: readonly string[];
  /** Value of each axis, as text. */
  readonly point: Readonly<Record<string, string>>;
  readonly config: ExperimentConfig;
  /** The option that was chosen of each group of configs. */
  readonly choices: Composition['choices'];
  /** Composed, with interpolations. */
  readonly composed: JsonObject;
  /** The same, resolved. */
  readonly resolved: JsonObject;
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
}

/** Composes a command line. Values are checked by `validate` and `composeJobs`. */
export function composeStudy(options: StudyOptions): Study {
  const workingFolder = options.workingFolder ?? process.cwd();
  const primary = openPrimary({
    settings: options.settings,
    config: options.config,
    configDirs: options.configDirs ?? [],
    workingFolder,
    cache: options.cache ?? createFileCache(),
  });
  const session: Session = {
    ...primary,
    settings: options.settings,
    env: options.env ?? process.env,
    known: new Map(),
    filled: new WeakMap(),
  };
  return composeTyped(session, parseArguments(options.overrides), options.multirun === true);
}

function composeTyped(session: Session, typed: readonly PlacedOverride[], multirun: boolean): Study {
  const plain = typed.filter(({ override }) => !isSweep(override.value));
  const composition = compose(session, plain);
  const written = scalarAt(composition.tree, 'mode');
  const mode = multirun || written === 'multirun' ? 'multirun' : 'run';
  if (mode === 'run') {
    refuseSweeps(typed);
    return { ...composition, mode, axes: [], points: [new Map()], parts: [], warnings: [] };
  }
  const contradicted = plain.some(({ override }) => override.key === 'mode') && written === 'run';
  const warnings = contradicted ? ['--multirun is given, so mode=run has no effect'] : [];
  const grids = listGrids(composition.tree, typed, session.repository);
  const axes = joinAxes(grids);
  const outer = typed.find(({ override }) => override.key === 'experiment' && isSweep(override.value));
  const experiments = axes.find((axis) => outer !== undefined && axis.key === printTarget(outer.override));
  if (outer === undefined || experiments === undefined) {
    const points = leaveOut(composition.tree, axes, expandGrids(grids), session.repository);
    return { ...composition, overrides: typed, mode, axes, points, parts: [], warnings };
  }
  const parts = experiments.values.map((value) =>
    composeTyped(
      session,
      typed.map((item) => (item === outer ? value : item)),
      multirun,
    ),
  );
  return { ...composition, overrides: typed, mode, axes: [experiments], points: [], parts, warnings };
}

/** Composes and checks every job of a study. Throws all errors at once, each once. */
export function composeJobs(study: Study): readonly Job[] {
  const errors = new Map<string, HeldoutError>();
  const jobs = study.parts.length > 0 ? study.parts.flatMap(composeJobs) : composePoints(study, errors);
  if (errors.size > 0) throw together([...errors.values()]);
  return jobs;
}

function composePoints(study: Study, errors: Map<string, HeldoutError>): Job[] {
  return study.points.flatMap((point) => {
    try {
      return [composePoint(study, point)];
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      const several = error instanceof HeldoutErrors ? error.errors : [error];
      for (const one of several) errors.set(`${one.place}\n${one.message}`, one);
      return [];
    }
  });
}

/** The study's own axes come first, then what was typed, in its order. */
function composePoint(study: Study, point: Point): Job {
  const typed = new Set(study.overrides.map(({ override }) => printTarget(override)));
  const own = [...point].filter(([key]) => !typed.has(key)).map(([, item]) => item);
  const axes = new Set(study.axes.map(({ key }) => key));
  const rest = study.overrides.flatMap((item) => {
    const key = printTarget(item.override);
    // What was typed for an axis is for the grids that have it.
    return axes.has(key) ? (point.get(key) ?? []) : item;
  });
  const overrides = [...own, ...rest];
  const composition = compose(study.session, overrides);
  const job: Composition =
    study.mode === 'run' ? composition : { ...composition, tree: asRun(composition.tree) };
  const resolved = resolve(job);
  const { config, errors } = validateResolved(job.tree, resolved);
  if (config === undefined) throw new HeldoutErrors(errors);
  return {
    overrides: overrides.map(({ override }) => printOverride(override)),
    point: Object.fromEntries([...point].map(([key, item]) => [key, valueText(item)])),
    config,
    choices: job.choices,
    composed: toPlain(job.tree) as JsonObject,
    resolved: resolved.value as JsonObject,
    provenance: traceLeaves(job.tree),
    warnings: resolved.warnings,
  };
}

/** The value of an override, as typed. */
export function valueText({ override }: PlacedOverride): string {
  const text = printOverride(override);
  return text.slice(text.indexOf('=') + 1);
}

function asRun(tree: MapNode): MapNode {
  const mode = { kind: 'scalar', value: 'run', place: { kind: 'job' } } as const;
  const replaced = tree.entries.get('mode');
  return withNode(tree, ['mode'], replaced === undefined ? mode : { ...mode, replaced }) as MapNode;
}
