import { parseConnection } from '../../electron/services/parseConnection.ts';
import type { EnvironmentInput } from '../../shared/contract/inputs.ts';

/** For adding the database at `url`, of no password. */
export const environmentOf = (url: string, source: string | null = null): EnvironmentInput => ({
  name: 'ward',
  tier: 'development',
  colour: 'grey',
  group: '',
  connection: parseConnection(url).connection,
  source: source === null ? null : { path: source },
  secret: null,
});
