/** Files that the system hands to the application: bundles, by double-click or dropped on its icon (electron-builder.yml). */
import { extname } from 'node:path';
import { app, dialog } from 'electron';
import { report } from '../rpc/report.ts';

/** Of the bundles that teams are to carry to a site. */
const bundleExtension = '.lkb';

/** Call it before the application is ready: macOS tells by an event that may come earlier. */
export function tellOfOpenedFiles(): void {
  app.on('open-file', (event, path) => {
    event.preventDefault();
    tell([path]);
  });
  app.on('second-instance', (_event, words) => tell(words));
  tell(process.argv);
}

/** Arguments that are no bundle mean Electron or Chromium. */
function tell(words: readonly string[]): void {
  const bundle = words.find((word) => extname(word).toLowerCase() === bundleExtension);
  if (bundle === undefined) return;
  app
    .whenReady()
    .then(() =>
      dialog.showMessageBox({
        type: 'info',
        message: 'This version cannot open bundles.',
        detail: `${bundle} was not read, and nothing was changed. Open the folder of migrations it was made from instead: add an environment and choose the folder there.`,
        noLink: true,
      }),
    )
    .catch(report);
}
