/**
 * Parts of Node that a migration may import: those that reach nothing outside of it. Files and processes are kept from it
 * by Node's permission model as well; the network is not, so that leaving these out is a hindrance and no wall.
 */
const allowed = new Set(
  'assert assert/strict async_hooks buffer constants crypto diagnostics_channel events fs fs/promises module os path path/posix path/win32 perf_hooks process punycode querystring stream stream/consumers stream/promises stream/web string_decoder timers timers/promises tty url util util/types zlib'.split(
    ' ',
  ),
);

export const isAllowedBuiltin = (specifier: string): boolean => allowed.has(specifier.replace(/^node:/, ''));

/** Libraries load these whether they use them or not; they get nothing for them. */
const emptied = new Set([
  'child_process',
  'cluster',
  'dns',
  'http',
  'https',
  'net',
  'readline',
  'tls',
  'worker_threads',
]);

export const isEmptied = (specifier: string): boolean => emptied.has(specifier.replace(/^node:/, ''));

export const readsFiles = (specifier: string): boolean => /^(?:node:)?fs(?:\/promises)?$/.test(specifier);
