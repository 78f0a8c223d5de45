import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // They install the original programs: `npm run test:peers`.
    exclude: [...configDefaults.exclude, 'test/peers/**'],
    globalSetup: 'test/setup/servers.ts',
    reporters: ['default', './test/setup/closingLine.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Generous: the first test to need a server waits for it to start, on a machine that may be small and busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A condition that is polled for is met at once or late, never on time.
    expect: { poll: { timeout: 20_000 } },
  },
});
