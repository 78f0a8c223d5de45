/** Migrations whose scripts are files of their own: `x.up.sql`, `x.down.sql`, `x.verify.sql`. */

/** File by role, for one base name. */
export type Roles = Readonly<Partial<Record<string, string>>>;

/** Groups files by what their names have in common; `split` says null of a file that is no part of a pair. */
export function groupByBase(
  files: readonly string[],
  split: (file: string) => { readonly base: string; readonly role: string } | null,
): Map<string, Roles> {
  const groups = new Map<string, Roles>();
  for (const file of files) {
    const part = split(file);
    if (part !== null) groups.set(part.base, { ...groups.get(part.base), [part.role]: file });
  }
  return groups;
}
