/**
 * Takes away what a migration has no business with. Files and processes are walled off by Node's permission model; of the
 * network and of signals to other processes Node keeps nothing, so that these are only put out of reach.
 */
import { isAllowedBuiltin } from '../builtins.ts';

export function fence(): void {
  const refuse = (what: string) => () => {
    throw new Error(`${what} is not for migrations: one reaches nothing but its database.`);
  };
  for (const name of ['fetch', 'WebSocket', 'EventSource']) replace(globalThis, name, refuse(name));
  for (const name of ['kill', 'dlopen', 'chdir']) replace(process, name, refuse(`process.${name}`));
  const builtin = process.getBuiltinModule.bind(process);
  replace(process, 'getBuiltinModule', (id: string) => (isAllowedBuiltin(id) ? builtin(id) : refuse(id)()));
}

const replace = (object: object, name: string, value: unknown): void => {
  if (name in object) Object.defineProperty(object, name, { value, configurable: false, writable: false });
};
