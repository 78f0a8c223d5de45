/** Why a bundle is refused. Its words come from a file of unknown origin: they are made harmless here. */
import { ProblemError, raise } from '../../../shared/problem.ts';
import { printable } from '../../tools/common/problems.ts';

/** Not what was made: cut off, changed, or never one. */
export const damaged = (what: string, cause?: unknown): never =>
  raise(
    {
      code: 'bundle.damaged',
      message: `This is no whole bundle: ${what}.`,
      hint: 'Get the file again from where it was made, and compare its SHA-256 with theirs.',
    },
    cause,
  );

/** Well-formed, but made to do harm, or beyond what is taken. */
export const unsafe = (what: string): never =>
  raise({
    code: 'bundle.unsafe',
    message: `This bundle is refused: ${what}.`,
    hint: 'Do not use it; tell whoever it came from. “lockkeeper bundle create” makes none like it.',
  });

/** What a hostile text may say in a message: printable, and short. */
export const quoted = (text: string): string => `“${printable(text.length > 80 ? `${text.slice(0, 80)}…` : text)}”`;

/** Whatever else went wrong while reading is damage, too: the reader has no other reason. */
export async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    return damaged(quoted(thrown instanceof Error ? thrown.message : String(thrown)), thrown);
  }
}

/** @throws {ProblemError} `bundle.damaged` */
export function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    return damaged('its text is not UTF-8', thrown);
  }
}
