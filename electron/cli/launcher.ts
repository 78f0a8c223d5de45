#!/usr/bin/env node
// The installed command. It imports nothing large before it has looked at the version of Node: an older one could not read the rest.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  (await import('../compileCache.ts')).keepCompiledCode();
  await import('./main.ts');
} else {
  console.error(
    `Lockkeeper needs Node 22.18 or newer; this is ${process.version}. Install Node 24 (https://nodejs.org), or run: npx -y node@24 ${process.argv[1]}`,
  );
  process.exitCode = 2;
}
