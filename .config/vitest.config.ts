import { defineConfig } from 'vitest/config';

// One process per test file: the TensorFlow addon fails from its second worker thread on.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    exclude: ['src/**/*.long.test.ts', 'node_modules/**'],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
