import { formatPlace, type Study } from '../../config/index.js';
import { HeldoutError, HeldoutErrors } from '../../core/errors.js';

/** A trained run has its config: only where it lies can be said. Throws HeldoutError on all other overrides. */
export function refuseOverrides(study: Study, hint: string): void {
  const wrong = study.overrides.filter(
    ({ place, override }) => place.kind === 'argument' && override.key !== 'paths.results',
  );
  if (wrong.length === 0) return;
  throw new HeldoutErrors(
    wrong.map(
      ({ override: { key }, place }) =>
        new HeldoutError({
          code: 'E_DERIVED_OVERRIDE',
          message: `what is trained has its config, so '${key}' has no effect`,
          place: formatPlace(place),
          hints: [key === 'paths.data' ? 'name the folder of the data as HELDOUT_DATA=FOLDER' : hint],
        }),
    ),
  );
}
