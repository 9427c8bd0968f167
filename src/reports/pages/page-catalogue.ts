import { join } from 'node:path';
import { fileSuffixes } from '../../analysis/file-names.js';
import { HeldoutError } from '../../core/errors.js';
import { makeFolder, writeFileAtomic } from '../../core/files/files.js';
import { isJsonObject } from '../../core/json.js';
import type { FigureInputs } from '../figures/figure-inputs.js';
import { isOfTwo } from '../records/study-fairness.js';

/** Pages that a study may have beside its figures: HTML, made of the same inputs. */
export const pageNames = ['page'] as const;
export type PageName = (typeof pageNames)[number];

export function isPageName(name: string): name is PageName {
  return pageNames.some((page) => page === name);
}

/**
 * Writes the page of a study of fairness to a folder, one for every dataset and split; none where no run has what it
 * shows, as where groups are more than two. Returns the paths.
 */
export async function writePages(name: PageName, inputs: FigureInputs, folder: string): Promise<string[]> {
  const studies = (await inputs.study.fairness()).filter(isOfTwo);
  if (studies.length === 0) return [];
  const [{ collectPageData }, { writePage }] = await Promise.all([
    import('./fairness/collect/collect.js'),
    import('./fairness/page.js'),
  ]);
  const several = new Set(studies.map(({ split }) => split)).size > 1;
  const labels = studies.map(({ dataset, split }) => (several ? `${dataset}, ${split}` : dataset));
  const suffixes = fileSuffixes(labels);
  const paths: string[] = [];
  for (const [at, study] of studies.entries()) {
    const title = titleOf(inputs) + (labels.length > 1 ? `: ${labels[at]}` : '');
    const data = collectPageData({ title, study: inputs.plan.name }, study);
    if (data === undefined) continue;
    makeFolder(folder);
    const path = join(folder, `${name}${suffixes.get(labels[at]!)}.html`);
    writeFileAtomic(path, await writePage(data));
    paths.push(path);
  }
  return paths;
}

/** Who asks for a page by name is told why there is none. */
export function refuseWithoutPage(name: PageName): HeldoutError {
  return new HeldoutError({
    code: 'E_FIGURE_PAGE',
    message: `there is no ${name}: no finished runs of this study have a binary target, two groups that evaluation.protected names, the sets validation and test, and two heads or a regulariser beside an unconstrained net`,
    place: 'evaluation.protected',
    hints: [
      'npm run experiment -- --config fairness.yaml',
      "add '+evaluation.protected=[sex]' split=stratified",
    ],
  });
}

function titleOf({ plan }: FigureInputs): string {
  const study = plan.jobs[0]?.config.study;
  return isJsonObject(study) && typeof study.title === 'string' ? study.title : plan.name;
}
