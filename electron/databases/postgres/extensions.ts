import type { Session } from '../../engine/ports.ts';

/** By name. @throws {ServerFault} */
export const readExtensions = async (session: Session): Promise<string[]> =>
  (await session.query('SELECT extname FROM pg_catalog.pg_extension ORDER BY extname')).map((row) =>
    String(row['extname']),
  );
