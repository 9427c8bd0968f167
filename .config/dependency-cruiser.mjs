// Who may import whom: data flows one way, from the command line to the table.
const only = (name, path, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src', pathNot: path },
  to: { path: to },
});
const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/(${from})/`, pathNot: '/testing/|\\.test\\.ts$' },
  to: { path: `^src/(${to})/`, dependencyTypesNot: ['type-only'] },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan-packages',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    only('yargs-in-cli', '^src/cli/', 'node_modules/yargs', 'The command line is read in one place.'),
    only(
      'tensorflow-in-few',
      '^src/(engine|models|objectives|training|protocols)/|^src/setup/addon/(known-step|training-check)',
      'node_modules/@tensorflow',
      'Commands that inspect must start without TensorFlow.',
    ),
    only(
      'drawing-in-figures',
      '^src/(figures|augment|corruptions)/|\\.test\\.ts$',
      'node_modules/(vega|vega-lite|sharp)/',
      'Loaded only when images are drawn or read.',
    ),
    only(
      'processes-in-launchers',
      '^src/(launchers|runs|cli|e2e|engine|setup)/|/testing/|\\.test\\.ts$',
      'node_modules/execa|^(node:)?child_process$',
      'One place starts jobs.',
    ),
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(cli|e2e)/' },
      to: { path: '^src/cli/' },
    },
    never('core-knows-nothing', 'core', '(?!core).*', 'core has no domain knowledge'),
    never('random-knows-nothing', 'random', '(?!core|random).*', 'streams do not know who draws'),
    never('variables-below', 'variables', '(?!core|variables|random).*', ''),
    never(
      'datasets-below',
      'datasets',
      'models|splits|engine|training|evaluation|protocols|runs|sweeps|launchers|tables|figures|analysis|config',
      '',
    ),
    never(
      'splits-below',
      'splits',
      'models|datasets|engine|training|evaluation|protocols|runs|sweeps|launchers|tables|figures|analysis|config',
      '',
    ),
    never(
      'engine-alone',
      'engine',
      'datasets|splits|protocols|runs|training|models|objectives|sweeps|launchers|tables|figures|config',
      '',
    ),
    never(
      'setup-alone',
      'setup',
      '(?!core|setup).*',
      'Fetches and builds; does not know who starts an engine.',
    ),
    never(
      'corruptions-pure',
      'corruptions',
      '(?!core|random|augment|config|corruptions).*',
      'Functions of an image and of draws.',
    ),
    {
      name: 'setup-by-one-door',
      comment: 'What starts an engine puts an addon back; it never fetches or builds.',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(setup|cli|e2e)/|\\.test\\.ts$' },
      to: { path: '^src/setup/', pathNot: '^src/setup/addon/put-back\\.ts$' },
    },
    never(
      'models-pure',
      'models|objectives',
      'datasets|splits|training|protocols|runs|sweeps|launchers|tables|figures|evaluation',
      '',
    ),
    never(
      'config-pure',
      'config',
      'models|datasets|engine|training|protocols|runs|sweeps|launchers|tables|figures|evaluation|analysis',
      '',
    ),
    never(
      'training-blind',
      'training',
      'models|objectives|datasets|splits|protocols|runs|tables|figures|evaluation',
      '',
    ),
    never(
      'downstream-never-reaches-back',
      'evaluation|analysis|selection|tables|figures',
      'models|objectives|engine|training|protocols|datasets|launchers',
      '',
    ),
    never(
      'reports-downstream',
      'reports',
      'models|objectives|engine|training|protocols|launchers',
      'Made of records, predictions and metrics alone.',
    ),
    never(
      'imports-upstream',
      'imports',
      'models|objectives|engine|training|protocols|launchers|runs|sweeps|tables|figures|reports',
      'Files of predictions become records; who shows them comes later.',
    ),
    never(
      'protocols-blind',
      'protocols',
      'launchers|sweeps|tables|figures|reports',
      'A job does not know who started it, nor what is made of it.',
    ),
    never(
      'launchers-blind',
      'runs|sweeps|launchers|progress|tracking',
      'models|objectives|engine|training|protocols|datasets|tables|figures',
      '',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
