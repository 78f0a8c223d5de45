import { nativeTheme } from 'electron';
import type { Settings } from '../../shared/contract/views.ts';

/** Menus, dialogs and the window's own background follow the theme that was chosen in the page. */
export async function followTheme(
  chosen: () => Promise<Settings['theme']>,
  changes: AsyncIterable<{ readonly kind: string }>,
): Promise<void> {
  nativeTheme.themeSource = sourceOf(await chosen());
  for await (const { kind } of changes) {
    if (kind === 'settings') nativeTheme.themeSource = sourceOf(await chosen());
  }
}

/** High contrast is the page's own; what the system draws has the system's. */
const sourceOf = (theme: Settings['theme']): typeof nativeTheme.themeSource =>
  theme === 'highContrast' ? 'system' : theme;
