import type { Handle } from './lib/handle.ts';

export const description = 'Plants without a name are gone for good';

// Without `down` there is no way back.
export const up = async ({ query, log }: Handle): Promise<void> => {
  const gone = await query("DELETE FROM plants WHERE name = ''");
  log(`${gone.affectedRows} plants had no name`);
};
