/** Reads a file that may hold passwords; one that others can read is not used, as libpq has it. */
import { readFile, stat } from 'node:fs/promises';

export type PrivateFile =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  /** Why it was not used, in words. */
  | { readonly kind: 'refused'; readonly message: string };

/** Far more than such files ever hold. */
const mostBytes = 1024 * 1024;

export async function readPrivateFile(path: string): Promise<PrivateFile> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return { kind: 'refused', message: `${path} is not a plain file and was not used.` };
    // Windows keeps these files in the user's own profile instead.
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0)
      return { kind: 'refused', message: `${path} can be read by others and was not used: chmod 600 ${path}` };
    if (facts.size > mostBytes) return { kind: 'refused', message: `${path} is too large and was not used.` };
    return { kind: 'read', text: await readFile(path, 'utf8') };
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'refused', message: `${path} could not be read: ${thrown instanceof Error ? thrown.message : ''}` };
  }
}
