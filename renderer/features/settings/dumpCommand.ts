import type { DumpCommand } from '../../../shared/model/settings.ts';

/** What a settings layer holds, read as the command it should be; null: none. */
export function commandOf(value: unknown): DumpCommand | null {
  if (typeof value !== 'object' || value === null) return null;
  const command: unknown = Reflect.get(value, 'command');
  const host: unknown = Reflect.get(value, 'host');
  const port: unknown = Reflect.get(value, 'port');
  if (!Array.isArray(command)) return null;
  return {
    command: command.filter((word) => typeof word === 'string'),
    shell: Reflect.get(value, 'shell') === true,
    host: typeof host === 'string' ? host : null,
    port: typeof port === 'number' ? port : null,
  };
}
