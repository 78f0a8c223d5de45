import { createHash } from 'node:crypto';
import type { TextScript } from '../../shared/model/migration.ts';

/** SQL that is in no file, as a script. `path`, `line`: what people are told of where it comes from. */
export const textScript = (path: string, text: string, line = 1): TextScript => ({
  kind: 'text',
  text,
  path,
  line,
  sha256: createHash('sha256').update(text).digest('hex'),
  bytes: Buffer.byteLength(text),
});

/** SQL that a program yielded. */
export const yieldedScript = (path: string, sql: string): TextScript =>
  textScript(`${path} (the SQL that it yields)`, sql);
