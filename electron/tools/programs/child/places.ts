/** Where in the program something happened, by the stack. */
import { fileURLToPath } from 'node:url';
import type { Start } from '../protocol.ts';

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The innermost frame in a file of the program. */
export function placeOf(stack: string, start: Start): Place | null {
  for (const frame of framesOf(stack)) if (Object.hasOwn(start.code, frame.path)) return frame;
  return null;
}

/** Line in the program's own file that led here; 1 when none did. */
export const lineOfMain = (stack: string, start: Start): number =>
  framesOf(stack).find((frame) => frame.path === start.main)?.line ?? 1;

function framesOf(stack: string): Place[] {
  return stack.split('\n').flatMap((text) => {
    // A syntax error begins with its place, a frame ends with it.
    const [, file, line, column] =
      /(?:^\s*at .*?\(?)((?:file:\/\/)?[^\s()]+|(?:file:\/\/)?\/[^()]+):(\d+):(\d+)\)?$/.exec(text) ??
      /^((?:file:\/\/)?\/.+|[A-Za-z]:\\.+):(\d+)()$/.exec(text) ??
      [];
    if (file === undefined) return [];
    const path = file.startsWith('file:') ? fileURLToPath(file) : file.replace(/^async /, '');
    return [{ path, line: Number(line), column: Math.max(1, Number(column)) }];
  });
}
