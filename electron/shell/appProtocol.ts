import { protocol } from 'electron';
import type { RendererFiles } from '../http/rendererFiles.ts';
import { appOrigin, appScheme } from './appOrigin.ts';

/** Must be called before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the interface, with the headers the server gives it, to this application's windows. */
export function serveAppScheme(files: RendererFiles): void {
  protocol.handle(appScheme, async ({ url, method }) => {
    const path = pathWithin(url);
    if (path === null || method !== 'GET') return new Response('Not found', { status: 404 });
    const { status, headers, body } = await files(path);
    return new Response(body, { status, headers });
  });
}

/** The path as it stands in the address; null for another host. */
function pathWithin(url: string): string | null {
  if (!url.startsWith(`${appOrigin}/`)) return null;
  return url.slice(appOrigin.length).split(/[?#]/, 1)[0] ?? null;
}
