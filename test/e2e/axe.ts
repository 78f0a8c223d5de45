/** A page against axe-core's rules. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { type Colours, show } from './appearances.ts';

/** Every breach in words; `looks` beyond the first are examined for what colours can change. */
export async function breachesOf(
  page: Page,
  looks: readonly Colours[] = ['light', 'dark'],
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [index, look] of looks.entries()) {
    await show(page, look);
    const axe = new AxeBuilder({ page });
    // The enhanced rule is high contrast's own promise.
    if (look.startsWith('high')) axe.withRules('color-contrast-enhanced');
    else if (index > 0) axe.withRules('color-contrast');
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations)
      for (const { html, failureSummary } of nodes) broken.push(`${look}: ${impact} ${id}: ${html}\n${failureSummary}`);
  }
  return broken;
}
