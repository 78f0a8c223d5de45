/** What one call of the command line was asked, and lazily what it needs to answer. */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Tier } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import type { Backend } from '../compose.ts';
import { type OfflineSource, offlineSource } from '../services/offlineSource.ts';
import type { SourceOverrides, TargetRequest } from '../services/target.ts';
import type { Terminal, TerminalOptions } from './terminal.ts';

export interface CommonOptions extends TerminalOptions {
  readonly env?: string;
  readonly url?: string;
  readonly urlEnv?: string;
  readonly passwordStdin?: boolean;
  readonly passwordEnv?: string;
  readonly passphraseStdin?: boolean;
  readonly passphraseEnv?: string;
  readonly source?: string;
  readonly tool?: string;
  readonly historyTable?: string;
  readonly tier?: Tier;
  readonly set?: readonly string[];
  readonly dataDir?: string;
  readonly confirm?: string;
  readonly accept?: readonly string[];
}

export interface Invocation {
  readonly options: CommonOptions;
  readonly terminal: Terminal;
  backend(): Promise<Backend>;
  /** The database and source meant. @throws {ProblemError} `usage.invalid` when none is named */
  target(): Promise<TargetRequest>;
  /**
   * The migration folder meant, where no database is asked. Without a word, that of `file`, else the current one.
   */
  folder(file?: string | null): Promise<OfflineSource>;
  /** The password given for this call; null when none was. */
  password(): Promise<string | null>;
  close(): Promise<void>;
}

type Act = (invocation: Invocation, command: Command) => Promise<number>;
/** A command's file: adds its commands to the program and binds each to what it does. */
export type Define = (program: Command, bind: (command: Command, act: Act) => void) => void;

export function createInvocation(options: CommonOptions, terminal: Terminal): Invocation {
  let backend: Promise<Backend> | null = null;
  let password: Promise<string | null> | null = null;

  function open(): Promise<Backend> {
    backend ??= import('../compose.ts').then(({ compose }) =>
      compose({ shell: 'commandLine', ...(options.dataDir === undefined ? {} : { dataDirectory: options.dataDir }) }),
    );
    return backend;
  }

  const readPassword = (): Promise<string | null> => {
    password ??= passwordFrom(options);
    return password;
  };

  return {
    options,
    terminal,
    backend: open,
    password: readPassword,
    async target() {
      const overrides = overridesFrom(options);
      const given = await readPassword();
      const secret = given === null ? {} : { password: given };
      const url = urlFrom(options, terminal);
      if (url !== null)
        return {
          kind: 'adHoc',
          url,
          overrides,
          ...secret,
          ...(options.tier === undefined ? {} : { tier: options.tier }),
        };
      if (options.env === undefined)
        return raise({
          code: 'usage.invalid',
          message: 'Which database?',
          hint: 'Name an environment with --env, or an address with --url or --url-env.',
        });
      return {
        kind: 'environment',
        nameOrId: options.env,
        overrides,
        ...(given === null ? await askMissing(await open(), options.env, terminal) : secret),
      };
    },
    async folder(file) {
      const given = overridesFrom(options);
      const overrides = given.path === undefined && file != null ? { ...given, path: dirname(resolve(file)) } : given;
      const url = urlFrom(options, terminal);
      if (url !== null || options.env === undefined) return offlineSource(null, { kind: 'folder', url, overrides });
      return offlineSource((await open()).context, { kind: 'environment', nameOrId: options.env, overrides: given });
    },
    async close() {
      if (backend !== null) await (await backend).close();
    },
  };
}

/** An environment that asks each session is asked for here, where somebody can answer. */
async function askMissing({ context }: Backend, name: string, terminal: Terminal): Promise<{ password?: string }> {
  const environment = context.workspace.environments.find(name);
  if (environment?.credential.kind !== 'ask' || !terminal.interactive) return {};
  return { password: await terminal.askHidden(`Password for ${environment.name}: `) };
}

export function urlFrom(options: CommonOptions, terminal: Terminal): string | null {
  if (options.url !== undefined && options.urlEnv !== undefined)
    return raise({ code: 'usage.invalid', message: 'Give either --url or --url-env.', hint: 'Leave one of them out.' });
  if (options.urlEnv !== undefined) return fromVariable(options.urlEnv);
  if (options.url === undefined) return null;
  if (/^[a-z0-9+]+:\/\/[^/?#\s]*:[^/?#\s]*@/i.test(options.url))
    terminal.note(
      'Warning: a password in --url is visible to other users of this computer; --url-env or --password-stdin is not.',
    );
  return options.url;
}

/** @throws {ProblemError} `usage.invalid` when it is not set */
export function fromVariable(name: string): string {
  const value = process.env[name];
  return value === undefined || value === ''
    ? raise({
        code: 'usage.invalid',
        message: `The environment variable ${name} is not set.`,
        hint: 'Set it, or give the value another way.',
      })
    : value;
}

async function passwordFrom(options: CommonOptions): Promise<string | null> {
  if (options.passwordEnv !== undefined) return fromVariable(options.passwordEnv);
  if (options.passwordStdin !== true) return null;
  return readStandardInput();
}

/** Without the line break at its end. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text.replace(/\r?\n$/, '');
}

/** What the options say of the source. */
export function overridesFrom(options: CommonOptions): SourceOverrides {
  const placeholders = Object.fromEntries((options.set ?? []).map(pair));
  return {
    ...(options.source === undefined ? {} : { path: options.source }),
    ...(options.tool === undefined ? {} : { tool: options.tool }),
    ...(options.historyTable === undefined ? {} : { historyTable: options.historyTable }),
    ...(options.set === undefined ? {} : { placeholders }),
  };
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 1
    ? raise({ code: 'usage.invalid', message: `“${text}” is not KEY=VALUE.`, hint: 'Write --set name=value.' })
    : [text.slice(0, at), text.slice(at + 1)];
}

/** A whole number of at least 1 from the command line. @throws {ProblemError} `usage.invalid` */
export function count(text: string): number {
  return /^[1-9]\d{0,6}$/.test(text)
    ? Number(text)
    : raise({
        code: 'usage.invalid',
        message: `“${text}” is not a whole number of at least 1.`,
        hint: 'Give a number such as 1.',
      });
}

/** `30d`, or the number alone. @throws {ProblemError} `usage.invalid` */
export const days = (text: string): number => count(text.replace(/d$/, ''));
