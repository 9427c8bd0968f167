import {
  composeJobs,
  formatConfig,
  formatDefaultsList,
  formatDefaultsTree,
  formatSearchPath,
  type Study,
} from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import type { Arguments } from '../arguments/arguments.js';
import { print } from '../output/print.js';

/** `--cfg` and `--info`: show how the config is composed; nothing is written, nothing runs. */
export function inspect(study: Study, args: Arguments): ExitCode {
  if (args.info !== undefined) print(describeComposition(study, args.info));
  if (args.cfg !== undefined) {
    // A value that is wrong is worth knowing also when the config is only looked at.
    composeJobs(study);
    print(
      formatConfig(study, {
        ...(args.package === undefined ? {} : { package: args.package }),
        resolve: args.resolve,
      }),
    );
  }
  return 0;
}

function describeComposition(study: Study, what: NonNullable<Arguments['info']>): string {
  const parts = {
    searchpath: () => formatSearchPath(study.session.repository),
    defaults: () => formatDefaultsList(study),
    'defaults-tree': () => formatDefaultsTree(study),
    config: () => formatConfig(study),
  };
  if (what !== 'all') return parts[what]();
  return Object.values(parts)
    .map((show) => show())
    .join('\n\n');
}
