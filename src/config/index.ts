export { allGroups } from './compose/group-overrides.js';
export { createFileCache, type FileCache } from './compose/search-path.js';
export { type Composition, compose, resolve, type Session, validate } from './composition.js';
export { type Explanation, explain, formatExplanations } from './explain.js';
export {
  formatDefaultsList,
  formatDefaultsTree,
  formatSearchPath,
  type GroupListing,
  listGroups,
} from './info.js';
export { formatConfig, formatYaml } from './print.js';
export type { Origin, Provenance } from './provenance.js';
export { jsonSchema, schemaGroups } from './schema/json-schema.js';
export type { ExperimentConfig } from './schema/root.js';
export type { Comparisons, Selection } from './schema/sections/study.js';
export type { FindingsRule, TransferChoice } from './schema/sections/transfer.js';
export { loadSettings, type Settings } from './settings.js';
export { composeJobs, composeStudy, type Job, type Study, type StudyOptions } from './study.js';
export { nearestNames } from './suggestions.js';
export type { Axis } from './sweep.js';
export { mapTogether, together } from './together.js';
export { formatPlace } from './tree.js';
