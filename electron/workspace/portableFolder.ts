/** Portable mode: a folder of this name beside the application is its data directory, for a stick carried to a site. */
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const folderName = 'lockkeeper-data';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Null: not portable. Only packaged applications are: an installation by npm is replaced as a whole when it is updated.
 * @param codeFolder of the running code, inside or beside the application's archive
 */
export function portableFolder(codeFolder: string, variables: Variables, platform: NodeJS.Platform): string | null {
  const resources = /^(.*)[/\\]app\.asar(?:\.unpacked)?(?=[/\\]|$)/.exec(codeFolder)?.[1];
  if (resources === undefined) return null;
  const folder = join(besideApplication(resources, variables, platform), folderName);
  return existsSync(folder) ? folder : null;
}

function besideApplication(resources: string, variables: Variables, platform: NodeJS.Platform): string {
  // `Lockkeeper.app/Contents/Resources`: the bundle counts as one file.
  if (platform === 'darwin') return dirname(dirname(dirname(resources)));
  // Both unpack themselves elsewhere and tell by variables where their file lies (docs.appimage.org, electron.build/nsis).
  const { APPIMAGE: image, APPDIR: mounted, PORTABLE_EXECUTABLE_DIR: portable } = variables;
  // A terminal that is an AppImage itself hands its own variables on.
  if (image !== undefined && mounted !== undefined && resources.startsWith(mounted + sep)) return dirname(image);
  if (platform === 'win32' && portable !== undefined) return portable;
  return dirname(resources);
}
