// The original programs and we, in turn: run by `npm run test:peers`, apart from `npm test`, for it installs them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/peers/**/*.test.ts'],
    globalSetup: ['test/setup/servers.ts', 'test/peers/setup.ts'],
    reporters: ['default', './test/setup/closingLine.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    // An installation from the registry is part of a hook.
    hookTimeout: 400_000,
  },
});
