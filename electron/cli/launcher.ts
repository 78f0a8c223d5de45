#!/usr/bin/env node
// The installed command. It imports nothing before it has looked at the version of Node: an older one could not read the rest.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  keepCompiledCode();
  await import('./main.ts');
} else {
  console.error(
    `Lockkeeper needs Node 22.18 or newer; this is ${process.version}. Install Node 24 (https://nodejs.org), or run: npx -y node@24 ${process.argv[1]}`,
  );
  process.exitCode = 2;
}

/** Spares every command but the first the compiling; workers get the same folder by their environment. */
function keepCompiledCode(): void {
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
