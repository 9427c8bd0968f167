import { defineConfig } from 'vitest/config';

/** Folders whose tests neither start a backend in their process nor leave anything behind in it. */
const withoutBackend = [
  ...[
    'analysis',
    'augment',
    'config',
    'core',
    'datasets',
    'e2e',
    'evaluation',
    'figures',
    'imports',
    'launchers',
  ],
  ...[
    'progress',
    'random',
    'reports',
    'runs',
    'selection',
    'setup',
    'splits',
    'sweeps',
    'tables',
    'tracking',
    'variables',
  ],
].map((folder) => `src/${folder}/**/*.test.ts`);
const common = {
  // Processes, not threads: the TensorFlow addon fails from its second worker thread on.
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};
const elsewhere = ['src/**/*.long.test.ts', 'node_modules/**'];
/** A process runs on one tier. */
const onTensorFlow = [
  'src/**/*.tensorflow.test.ts',
  'src/engine/compiled/**/*.test.ts',
  'src/engine/kernels/tensorflow-processor.test.ts',
];
/** Tests that look at what their process has loaded or started, or change its backend. */
const alone = [
  'src/engine/backends/*.test.ts',
  'src/engine/profile/*.test.ts',
  'src/protocols/pytorch.test.ts',
  'src/protocols/reference.test.ts',
  'src/protocols/training/start/start-engine.test.ts',
];

export default defineConfig({
  test: {
    maxWorkers: '100%',
    globalSetup: '.config/temporary-folder.ts',
    projects: [
      {
        test: {
          ...common,
          name: 'alone',
          include: alone,
          exclude: [...elsewhere, 'src/**/*.tensorflow.test.ts'],
        },
      },
      // Of these many files share a process, and so load what they import once.
      {
        test: {
          ...common,
          name: 'tensorflow',
          include: onTensorFlow,
          exclude: elsewhere,
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'wasm',
          include: ['src/**/*.test.ts'],
          exclude: [...elsewhere, ...withoutBackend, ...onTensorFlow, ...alone],
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'plain',
          include: withoutBackend,
          exclude: elsewhere,
          isolate: false,
        },
      },
    ],
  },
});
