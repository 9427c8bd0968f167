import { HeldoutError } from '../../core/errors.js';
import { listImports } from '../../imports/store.js';
import { listPlans } from '../find-plan.js';

/** Studies and imports write tables and figures by their names, so none may have the name of one of the other. */
export function refuseNameOfStudy(resultsFolder: string, name: string): void {
  if (!listPlans(resultsFolder).includes(name)) return;
  throw new HeldoutError({
    code: 'E_IMPORT_NAME',
    message: `'${name}' is a study, whose tables the import would replace`,
    place: `name=${name}`,
    hints: [`type name=${name}-imported`],
  });
}

/** The same of a study that is about to be run. */
export function refuseNameOfImport(resultsFolder: string, name: string): void {
  if (!listImports(resultsFolder).includes(name)) return;
  throw new HeldoutError({
    code: 'E_STUDY_NAME',
    message: `'${name}' are predictions that were imported, whose tables the study would replace`,
    place: 'study.name',
    hints: [
      `type study.name=${name}-study`,
      `or import the files with name=${name}-imported, and remove the folder imports/${name} in ${resultsFolder}`,
    ],
  });
}
