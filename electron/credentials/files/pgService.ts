import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** libpq's connection service file (postgresql.org/docs/current/libpq-pgservice.html). */
export function pgServiceFile(
  variables: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = variables['PGSERVICEFILE'];
  if (named !== undefined && named !== '') return named;
  return platform === 'win32'
    ? join(variables['APPDATA'] ?? '', 'postgresql', '.pg_service.conf')
    : join(variables['HOME'] ?? homedir(), '.pg_service.conf');
}
