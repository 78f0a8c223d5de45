// The engines Lockkeeper can talk to. To add one, see driver.ts.
import type { EngineId } from '../../shared/model/environment.ts';
import { invalidUrl } from './common/networkUrl.ts';
import type { Driver } from './driver.ts';
import { mysqlDriver } from './mysql/index.ts';
import { postgresDriver } from './postgres/index.ts';
import { sqliteDriver } from './sqlite/index.ts';

export const drivers: readonly Driver[] = [postgresDriver, mysqlDriver, sqliteDriver];

export function driverFor(engine: EngineId): Driver {
  const driver = drivers.find(({ id }) => id === engine);
  if (driver === undefined) throw new Error(`No driver for the engine ${engine}`);
  return driver;
}

/** By the URL's scheme. @throws {ProblemError} `environment.invalidUrl` */
export function driverForUrl(url: string): Driver {
  const text = url.trim().toLowerCase();
  return (
    drivers.find(({ urlSchemes }) => urlSchemes.some((scheme) => text.startsWith(`${scheme}:`))) ??
    // libpq's own form has no scheme.
    drivers.find(({ id }) => id === 'postgres' && /^(host|hostaddr|dbname|user|port|service)\s*=/.test(text)) ??
    invalidUrl('The URL’s scheme names no engine.', `It begins with one of ${schemes()}.`)
  );
}

const schemes = (): string => drivers.flatMap(({ urlSchemes }) => urlSchemes.map((scheme) => `${scheme}:`)).join(', ');
