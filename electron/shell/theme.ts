import { nativeTheme } from 'electron';

type Theme = typeof nativeTheme.themeSource;

/** Menus, dialogs and the window's own background follow the theme that was chosen in the page. */
export async function followTheme(
  chosen: () => Promise<Theme>,
  changes: AsyncIterable<{ readonly kind: string }>,
): Promise<void> {
  nativeTheme.themeSource = await chosen();
  for await (const { kind } of changes) {
    if (kind === 'settings') nativeTheme.themeSource = await chosen();
  }
}
