// Liquibase's own command line, from the last npm package that holds it; it needs a Java of its own.
import { join } from 'node:path';
import { npmPackages } from './install.ts';
import type { PeerPlace } from './peer.ts';
import { runProgram } from './runProgram.ts';

export const liquibaseVersion = '4.28.1';
/** Of Debian's libslf4j-java. */
const logging = '/usr/share/java/slf4j-api.jar';

/** Gives the folder that it was installed in. */
export const installLiquibase = (): Promise<string> => npmPackages({ liquibase: liquibaseVersion });

/** What Java must be told to start it. */
export function liquibaseClasses(installed: string): { home: string; classPath: string; main: string } {
  const home = join(installed, 'node_modules/liquibase/dist/liquibase');
  return {
    home,
    // The package's SQLite driver needs what the package lacks.
    classPath: `${join(home, 'internal/lib/*')}:${logging}`,
    main: 'liquibase.integration.commandline.LiquibaseCommandLine',
  };
}

/** It would wait for five minutes. */
const impatient = ['-Dliquibase.changelogLockWaitTimeInMinutes=0', '-Dliquibase.changelogLockPollRate=1'];

/** Runs it in `folder` on the database of `place`; gives what it wrote. */
export async function liquibase(
  place: PeerPlace,
  folder: string,
  command: string,
  ...more: readonly string[]
): Promise<string> {
  const { home, classPath, main } = liquibaseClasses(place.installed);
  const { url, user, password } = jdbcAddress(place);
  // A virtual machine that lives for seconds is not worth the better compiler.
  const java = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    `-Dliquibase.home=${home}`,
    ...impatient,
  ];
  const options = ['--log-level=severe', '--show-banner=false', '--defaultsFile=liquibase.properties', `--url=${url}`];
  return runProgram('java', [...java, '-cp', classPath, main, ...options, command, ...more], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: place.folder,
      LIQUIBASE_HOME: home,
      LIQUIBASE_COMMAND_USERNAME: user,
      LIQUIBASE_COMMAND_PASSWORD: password,
    },
  });
}

type OnServer = Pick<PeerPlace, 'engine' | 'url'>;

export function jdbcAddress({ engine, url }: OnServer): { url: string; user: string; password: string } {
  if (engine === 'sqlite') return { url: `jdbc:${url}`, user: '', password: '' };
  const parsed = new URL(url);
  const kind = engine === 'mariadb' ? 'mariadb' : 'postgresql';
  return {
    url: `jdbc:${kind}://${parsed.host}${parsed.pathname}`,
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}
