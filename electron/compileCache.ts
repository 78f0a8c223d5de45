// Small and without imports: it is loaded before anything else.

/** Spares every start but the first the compiling; workers get the same folder by their environment. */
export function keepCompiledCode(): void {
  const folder = cacheFolder();
  if (folder === null) return;
  process.getBuiltinModule('node:module').enableCompileCache(folder);
  process.env['NODE_COMPILE_CACHE'] ??= folder;
}

/** The account's own, whatever HOME says: code that root runs must not come from where another user can write. */
function cacheFolder(): string | null {
  const folders: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Library/Caches', win32: 'AppData/Local' };
  try {
    const { homedir } = process.getBuiltinModule('node:os').userInfo();
    return process
      .getBuiltinModule('node:path')
      .join(homedir, folders[process.platform] ?? '.cache', 'lockkeeper', 'compiled');
  } catch {
    // An account without a name, as in some containers, has no home either.
    return null;
  }
}
