/** A command as a person would type it in a POSIX shell. */
export const shellCommand = (program: string, args: readonly string[]): string =>
  [program, ...args].map(quote).join(' ');

/** One word of a POSIX shell that stands for itself. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
