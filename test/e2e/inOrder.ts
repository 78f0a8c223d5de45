import { beforeEach } from 'vitest';

/** Tests of this suite build on each other: after one that failed, the rest are skipped with that reason. */
export function inOrder(): void {
  let failed: string | null = null;
  beforeEach((context) => {
    if (failed !== null) context.skip(`“${failed}” failed before it`);
    context.onTestFailed(({ task }) => {
      failed ??= task.name;
    });
  });
}
