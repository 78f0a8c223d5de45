// Builds that run beside other work must outlast it: a timeout would leave an invalid index behind.
import type pg from 'pg';
import type { Unit } from '../../engine/ports.ts';

const concurrentBuild =
  /^(?:\s|--[^\n]*\n|\/\*[^*]*\*\/)*(?:CREATE|DROP|REINDEX|ALTER|REFRESH)\b[^;'"]*?\bCONCURRENTLY\b/i;

/** Only what we set at the start; what a script set itself is its author's will. Servers before 14 have no second row. */
const lift = `
  SELECT name, set_config(name, '0', false) FROM pg_settings
   WHERE name IN ('lock_timeout', 'client_connection_check_interval') AND source = 'client'`;

/** Runs `send` without our timeouts when the message is a concurrent build, which travels alone. */
export async function withoutTimeouts(
  client: pg.Client,
  units: readonly Unit[],
  send: () => Promise<void>,
): Promise<void> {
  const [unit] = units;
  if (units.length !== 1 || unit?.kind !== 'statement' || !concurrentBuild.test(unit.sql)) return send();
  const { rows } = await client.query<{ name: string }>(lift);
  const restore = async () => {
    for (const { name } of rows) await client.query(`RESET ${name}`);
  };
  try {
    await send();
  } catch (error) {
    // Where the connection is gone, the build's own failure tells so.
    await restore().catch(() => undefined);
    throw error;
  }
  await restore();
}
