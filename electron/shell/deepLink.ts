/** Links to screens, `lockkeeper://runs/01J…`: anybody may write one, so they lead to what is looked at and no further. */
export const linkScheme = 'lockkeeper';

const id = '[\\w-]{1,64}';
/** Never a page from which something is started, nor one with fields that a link would fill in. */
const lookedAt = [
  'environments',
  `environments/${id}`,
  `environments/${id}/(?:plan|migrations|attention|schema|activity|history|log|backups)`,
  `environments/${id}/migration/[\\w.%~-]{1,300}`,
  'runs',
  `runs/${id}`,
  'backups',
  'history',
  'matrix',
  'bundles',
] as const;
const linked = new RegExp(`^${linkScheme}:(?://)?/?(${lookedAt.join('|')})/?$`);

/** The page's fragment; null: it is no link, or one to somewhere else. */
export function linkedFragment(link: string): string | null {
  const path = linked.exec(link)?.[1];
  return path === undefined ? null : `#/${path}`;
}
