// A session of the driver in a database of its own.

import type { SessionOptions } from '../../../electron/databases/driver.ts';
import { connect } from '../../../electron/databases/postgres/connect.ts';
import { parseUrl } from '../../../electron/databases/postgres/url.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { options } from '../../conformance/sessionOptions.ts';
import { disposable, type OpenSession } from '../../conformance/sessions.ts';

/** Opens the database of a URL. */
export async function openUrl(
  url: string,
  changes: Partial<SessionOptions> & { readonly connection?: Partial<NetworkConnection> } = {},
): Promise<OpenSession> {
  const { connection, password } = parseUrl(url);
  const { connection: changed, ...rest } = changes;
  return disposable(await connect({ ...connection, ...changed }, { ...options, password, ...rest }));
}
