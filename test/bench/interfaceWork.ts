import type { Page } from 'playwright-core';

/** What a page's own thread had to do: on a busy machine it says more than the clock. */
export interface Work extends AsyncDisposable {
  /** Milliseconds of processor time since the page was opened. */
  ms(): Promise<number>;
}

export async function workOf(page: Page): Promise<Work> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    async ms() {
      const { metrics } = await session.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    },
    [Symbol.asyncDispose]: () => session.detach(),
  };
}
