/** The functions of a program, whichever way it exports them. */
import { pathToFileURL } from 'node:url';

export type Actions = Readonly<Record<string, unknown>>;

export async function loadActions(path: string): Promise<Actions> {
  const loaded: Actions = await import(pathToFileURL(path).href);
  const whole = loaded['default'];
  if (typeof whole !== 'object' || whole === null) return loaded;
  // CommonJS arrives as a default; so does `export default { up, down }`.
  const inner: unknown = Reflect.get(whole, 'default');
  const all = { ...whole, ...(typeof inner === 'object' ? inner : {}) };
  return {
    ...all,
    ...Object.fromEntries(Object.entries(loaded).filter(([name]) => !(name in all) && name !== 'default')),
  };
}
