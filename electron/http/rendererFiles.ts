/** The built interface as both shells serve it: listed once, so that no request can name any other file. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { raise } from '../../shared/problem.ts';

interface FileAnswer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers a request path as it stands in the address: nothing is decoded or resolved. */
export type RendererFiles = (path: string) => Promise<FileAnswer>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** What `vite build` makes; this file itself runs from its source or from a bundle beside it. */
export const rendererFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/renderer' : './renderer', import.meta.url),
);

/** Vite puts files named by a hash of their content here. */
const hashedFolder = '/assets/';
const noncePlace = '__CSP_NONCE__';

/** @throws {ProblemError} `usage.invalid` when the interface was not built */
export function openRendererFiles(folder: string): RendererFiles {
  const files = list(folder);
  return async (path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return notFound();
    const body = await readFile(file);
    return extname(file) === '.html' ? page(body.toString('utf8')) : asset(path, file, body);
  };
}

function list(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(join(folder, 'index.html'))) {
    raise({
      code: 'usage.invalid',
      message: `The interface is not built: ${folder} has no page.`,
      hint: 'Build it first: npm run build.',
    });
  }
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [`/${relative(folder, file).split(sep).join('/')}`, file];
    }),
  );
}

/** Each page has its own nonce: styles made at run time carry it, injected ones cannot. */
function page(html: string): FileAnswer {
  const nonce = randomBytes(18).toString('base64url');
  const headers = { ...headersFor('.html'), 'cache-control': 'no-store', 'content-security-policy': policy(nonce) };
  return { status: 200, headers, body: new TextEncoder().encode(html.replaceAll(noncePlace, nonce)) };
}

function asset(path: string, file: string, body: Uint8Array<ArrayBuffer>): FileAnswer {
  const cache = path.startsWith(hashedFolder) ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { status: 200, headers: { ...headersFor(extname(file)), 'cache-control': cache }, body };
}

const notFound = (): FileAnswer => ({
  status: 404,
  headers: { ...protectiveHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: new TextEncoder().encode('Not found'),
});

const headersFor = (extension: string): Record<string, string> => ({
  ...protectiveHeaders,
  'content-type': types[extension] ?? 'application/octet-stream',
});

/** On every answer, whatever it holds. */
export const protectiveHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
