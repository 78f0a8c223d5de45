import type { ParsedConnection } from '../../shared/contract/views.ts';
import { driverForUrl } from '../databases/registry.ts';

/** Fields from a pasted URL or driver string. @throws {ProblemError} `environment.invalidUrl` */
export function parseConnection(url: string): ParsedConnection {
  const text = url.trim();
  return driverForUrl(text).parseUrl(text);
}
