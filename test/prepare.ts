// Makes sure, before the tests, of the programs and libraries they need: says what is missing, then installs it as
// root with apt-get; without root or apt-get it lists what to install and fails. `--peers`: of the original programs that
// come from Debian, too; `--bench`: and of those that only the benchmark runs.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, galeraProvider } from './servers/programs.ts';

interface Need {
  readonly package: string;
  readonly present: () => boolean;
}

/** Debian's packages, each with what the tests use of it. */
const NEEDS: readonly Need[] = [
  { package: 'postgresql-15', present: () => has('postgres', 'initdb', 'pg_dump', 'psql') },
  { package: 'mariadb-server', present: () => has('mariadbd', 'mariadb-install-db') },
  { package: 'galera-4', present: () => existsSync(galeraProvider) },
  // A node that joins is given the data by it.
  { package: 'rsync', present: () => has('rsync') },
  { package: 'lsof', present: () => has('lsof') },
  { package: 'percona-toolkit', present: () => has('pt-online-schema-change') },
  { package: 'mariadb-client', present: () => has('mariadb', 'mariadb-dump') },
  { package: 'chromium', present: () => has('chromium') },
  { package: 'gnome-keyring', present: () => has('gnome-keyring-daemon') },
  { package: 'dbus', present: () => has('dbus-run-session') },
  {
    package: 'libsecret-1-0',
    present: () => globSync('/{usr/,}lib{,64,/*}/libsecret-1.so.0').length > 0,
  },
  { package: 'openssl', present: () => has('openssl') },
  { package: 'sqlite3', present: () => has('sqlite3') },
  { package: 'pgbouncer', present: () => has('pgbouncer') },
  { package: 'openssh-server', present: () => has('sshd') },
  { package: 'openssh-client', present: () => has('ssh', 'ssh-keygen', 'ssh-agent', 'ssh-add') },
];

const works = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Debian's own Python and Perl have its packages, whatever other ones are found first. */
const python = (module: string) => () => works('/usr/bin/python3', '-c', `import ${module}`);
const perl = (module: string) => () => works('/usr/bin/perl', `-M${module}`, '-e', '1');
const ruby = (library: string) => () => works('/usr/bin/ruby', '-e', `require '${library}'`);

const PEER_NEEDS: readonly Need[] = [
  { package: 'alembic', present: python('alembic') },
  { package: 'python3-django', present: python('django') },
  { package: 'python3-psycopg2', present: python('psycopg2') },
  { package: 'python3-pymysql', present: python('pymysql') },
  { package: 'ruby', present: () => existsSync('/usr/bin/ruby') },
  { package: 'ruby-activerecord', present: ruby('active_record') },
  { package: 'ruby-pg', present: ruby('pg') },
  { package: 'ruby-sqlite3', present: ruby('sqlite3') },
  { package: 'ruby-mysql2', present: ruby('mysql2') },
  { package: 'sqitch', present: perl('App::Sqitch') },
  { package: 'libdbd-pg-perl', present: perl('DBD::Pg') },
  { package: 'libdbd-mysql-perl', present: perl('DBD::mysql') },
  { package: 'libdbd-sqlite3-perl', present: perl('DBD::SQLite') },
  { package: 'default-jre-headless', present: () => works('java', '-version') },
  // The driver for SQLite in Liquibase's package needs it, and the package lacks it.
  { package: 'libslf4j-java', present: () => existsSync('/usr/share/java/slf4j-api.jar') },
];

const BENCH_NEEDS: readonly Need[] = [
  { package: 'sql-migrate', present: () => has('sql-migrate') },
  { package: 'yoyo', present: python('yoyo') },
];

const wanted = (option: string): boolean => process.argv.includes(option);
const needed = [
  ...NEEDS,
  ...(wanted('--peers') || wanted('--bench') ? PEER_NEEDS : []),
  ...(wanted('--bench') ? BENCH_NEEDS : []),
];

const has = (...programs: readonly string[]): boolean =>
  programs.every((program) => findProgram(program) !== undefined);

const missingPackages = (): string[] => needed.filter(({ present }) => !present()).map((need) => need.package);

/** Debian asks this program whether a package being installed may start its service; 101 means no. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

function withoutStartingServices(install: () => void): void {
  if (existsSync(SERVICE_POLICY)) {
    install();
    return;
  }
  // Stay until the policy is removed again; the interrupt itself ends apt-get.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(SERVICE_POLICY);
  }
}

/** Whether apt-get did it; its own output says why not. */
function aptGet(...args: readonly string[]): boolean {
  const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  const { status } = spawnSync('apt-get', [...options, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

function install(packages: readonly string[]): void {
  withoutStartingServices(() => {
    // Old package lists may still do when the new ones cannot be had.
    if (!aptGet('update')) console.error('apt-get update failed; trying with the lists there are.');
    aptGet('install', '--no-install-recommends', ...packages);
  });
}

const missing = missingPackages();
if (missing.length === 0) {
  console.log('Everything the tests need is installed.');
} else {
  console.log(`The tests need these Debian packages, missing here: ${missing.join(' ')}`);
  const mayInstall = process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
  if (mayInstall) install(missing);
  const left = missingPackages();
  if (left.length > 0) {
    const means = mayInstall ? 'Could not be installed' : 'Install them, or what gives the same programs, as root';
    console.error(`${means}:\n  apt-get install --no-install-recommends ${left.join(' ')}`);
    process.exitCode = 1;
  }
}
