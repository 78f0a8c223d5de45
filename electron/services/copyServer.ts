/** Where copies are made: the environment's proving server, or the server of the database itself. */
import { raise } from '../../shared/problem.ts';
import { driverForUrl } from '../databases/registry.ts';
import type { Context } from './context.ts';
import { available } from './keeping.ts';
import { settingsOf } from './settingsOf.ts';
import { passwordInFiles, type TargetDatabase } from './target.ts';

export interface CopyServer {
  /** An account that may create databases. */
  readonly target: TargetDatabase;
  readonly proving: boolean;
}

/** @throws {ProblemError} `connect.secretMissing`, `environment.invalidUrl` */
export async function copyServerOf(context: Context, target: TargetDatabase): Promise<CopyServer> {
  const { provingServer } = settingsOf(context, target.environment).backup;
  if (provingServer === null || target.driver.id === 'sqlite') return { target, proving: false };
  const driver = driverForUrl(provingServer.url);
  if (driver.id !== target.driver.id)
    raise({
      code: 'usage.invalid',
      message: `The proving server of ${target.environment.name} is no ${target.driver.title}.`,
      hint: 'Set one of the same engine in the environment’s settings.',
    });
  const { connection, password: given } = driver.parseUrl(provingServer.url);
  const { password, passwordNote } = await passwordOf(context, provingServer.account, given, connection);
  const { settings: _, ...environment } = target.environment;
  return {
    target: { ...target, driver, environment: { ...environment, id: '', connection }, password, passwordNote },
    proving: true,
  };
}

async function passwordOf(
  context: Context,
  account: string | null,
  given: string | null,
  connection: TargetDatabase['environment']['connection'],
): Promise<Pick<TargetDatabase, 'password' | 'passwordNote'>> {
  if (given !== null) return { password: given, passwordNote: null };
  if (account === null) return passwordInFiles(connection);
  const password =
    available(await context.credentials.session.get(account)) ??
    available(await context.credentials.keychain.get(account)) ??
    raise({
      code: 'connect.secretMissing',
      message: 'The password of the proving server is not in the keychain.',
      hint: 'Store it again in the environment’s settings.',
    });
  return { password, passwordNote: null };
}
