import { BrowserWindow, dialog } from 'electron';

/** The system's folder dialog; null when it was cancelled. */
export async function pickFolder(): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow();
  const options = { title: 'Choose the migration folder', properties: ['openDirectory' as const] };
  const { filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths[0] ?? null;
}
