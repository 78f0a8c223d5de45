import { BrowserWindow, nativeTheme } from 'electron';
import { appOrigin } from './appOrigin.ts';
import { keepReachable } from './windowBounds.ts';

/** The colours behind the page before it has drawn: `--bg` of the renderer's tokens. */
const backgrounds = { light: '#f4f5f7', dark: '#0f1216' } as const;

/** `fragment`: of the screen it begins with; empty: its own first one. */
export function openWindow(preload: string, fragment = ''): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    width: 1320,
    height: 860,
    minWidth: 760,
    minHeight: 520,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  keepReachable(window);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/${fragment}`);
  return window;
}
