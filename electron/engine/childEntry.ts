/** Which file a child process or worker begins with, and on which program: in a packaged application neither is the obvious one. */

/** Only Electron reads its archive; what plain Node runs lies unpacked beside it (electron-builder.yml). */
export const outsideArchive = (path: string): string => path.replace(/([/\\]app\.asar)(?=[/\\])/, '$1.unpacked');

/**
 * @param here `import.meta.url` of the file that asks
 * @param source TypeScript, relative to that file
 * @param bundle relative to whichever bundle that file has become a part of
 */
export const childEntry = (here: string, source: string, bundle: string): URL =>
  new URL(here.endsWith('.ts') ? source : bundle, outsideArchive(here));

/** This program, unless LOCKKEEPER_NODE names a Node program: the desktop application cannot run scripts itself. */
export const childProgram = (): string => process.env['LOCKKEEPER_NODE'] ?? process.execPath;
