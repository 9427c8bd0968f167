import { defineConfig } from 'vitest/config';

// What takes minutes; one file at a time, since its moments are measured in time.
export default defineConfig({
  test: {
    include: ['src/**/*.long.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 3 * 3_600_000,
    hookTimeout: 600_000,
    disableConsoleIntercept: true,
  },
});
