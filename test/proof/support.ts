// Environments that ask for a proven backup, and dump programs that do something wrong.
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listDumpPrograms } from '../../electron/backups/programs.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { type RunRequest, startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import type { TestBackend } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';

const asked: Omit<RunRequest, 'target'> = {
  wanted: { direction: 'up' },
  fingerprint: null,
  confirm: null,
  reason: null,
  accept: [],
  continueOnError: false,
};

/** What the programs call themselves with `--version`. */
const versionLine = {
  postgres: (version: string) => `pg_dump (PostgreSQL) ${version}`,
  mysql: (version: string) => `mariadb-dump from ${version}-MariaDB, client 10.19 for Linux (x86_64)`,
} as const;

interface Wrong {
  readonly engine?: 'postgres' | 'mysql';
  /** Shell command that its output goes through. */
  readonly filter?: string;
  /** The same for its arguments, one a line. */
  readonly edit?: string;
  readonly version?: string;
}

export function wards(bench: () => { readonly test: TestBackend; readonly source: string }) {
  let environments = 0;
  return {
    /** An environment that asks for a proven backup and nothing else. */
    async ward(url: string, backup: SettingsLayer['backup'] = {}, protection = {}): Promise<TargetRequest> {
      const { test, source } = bench();
      environments += 1;
      const { id } = await addEnvironment(test.backend.context, {
        ...environmentOf(url, source),
        name: `ward ${environments}`,
        secret: { password: decodeURIComponent(new URL(url).password), keep: 'ask' },
      });
      const values = { protection: { backup: 'proven', ...protection }, backup } as const;
      await saveSettings(test.backend.context, { layer: { scope: { kind: 'environment', id }, values } });
      return { kind: 'environment', nameOrId: id };
    },
    async up(target: TargetRequest, more: Partial<RunRequest> = {}) {
      return (await startRun(bench().test.backend.context, { ...asked, target, ...more })).finished;
    },
    /** A dump program that is not what it should be. */
    async programThat({ engine = 'postgres', filter = 'cat', edit = 'cat', version }: Wrong) {
      const folder = await mkdtemp(path.join(bench().test.folder, 'program-'));
      const program = (await listDumpPrograms()).find((one) => one.engine === engine)?.path ?? '';
      const wrapper = path.join(folder, path.basename(program));
      const told =
        version === undefined ? `exec '${program}' --version` : `echo '${versionLine[engine](version)}'; exit`;
      await writeFile(
        wrapper,
        `#!/bin/sh\nexport LC_ALL=C\n[ "$1" = --version ] && { ${told}; }\nIFS='\n'\nset -- $(printf '%s\\n' "$@" | ${edit})\n'${program}' "$@" | ${filter}\n`,
      );
      await chmod(wrapper, 0o755);
      return { dumpCommand: { command: [wrapper], shell: false, host: null, port: null } };
    },
  };
}
