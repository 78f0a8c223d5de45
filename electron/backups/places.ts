// Where installers put database programs that are not on PATH; `*` stands for part of a folder's name.

export const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    // Debian, Ubuntu: one folder a major version; /usr/bin/pg_dump is a script that chooses one of them.
    '/usr/lib/postgresql/*/bin',
    // PGDG for Red Hat and SUSE; SUSE's own.
    '/usr/pgsql-*/bin',
    '/usr/lib/postgresql*/bin',
    '/usr/local/pgsql/bin',
    '/usr/local/mysql/bin',
    '/usr/local/mariadb/bin',
    '/opt/mysql/*/bin',
  ],
  darwin: [
    // Homebrew on Apple and Intel processors, Postgres.app, EDB, Oracle.
    '/opt/homebrew/opt/{postgresql,libpq,mysql,mariadb}*/bin',
    '/usr/local/opt/{postgresql,libpq,mysql,mariadb}*/bin',
    '/Applications/Postgres.app/Contents/Versions/*/bin',
    '/Library/PostgreSQL/*/bin',
    '/usr/local/mysql*/bin',
  ],
  win32: ['C:/Program Files/PostgreSQL/*/bin', 'C:/Program Files/MariaDB */bin', 'C:/Program Files/MySQL/MySQL */bin'],
};
