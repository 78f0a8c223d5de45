/** The command lines of the programs, and what they print. Passwords are in the option file only. */

import type { OnlineAlterSettings } from '../../../shared/model/settings.ts';
import type { TableChange } from '../../databases/mysql/onlineAlter.ts';
import { copyNamePattern } from '../../databases/mysql/onlineAlter.ts';

export interface CallFiles {
  /** Address, account, password and TLS; readable by this user only. */
  readonly options: string;
  /** Takes the place of the user's own configuration. */
  readonly empty: string;
  /** Of pt-online-schema-change: holds a lock while it works. */
  readonly plugin: string;
}

type Limits = Omit<OnlineAlterSettings, 'program' | 'fromMegabytes'>;

const foreignKeyMethod = { refuse: null, rebuild: 'rebuild_constraints', dropSwap: 'drop_swap' } as const;

/** As of version 3.2.1, Debian's. */
export function ptOscArguments(
  database: string,
  { table, clauses }: TableChange,
  limits: Limits,
  files: CallFiles,
  isReferredTo: boolean,
): string[] {
  const method = isReferredTo ? foreignKeyMethod[limits.foreignKeys] : null;
  return [
    // It must be the first.
    ...['--config', files.empty],
    '--execute',
    ...['--alter', clauses],
    // It would ask its maker's server for newer versions.
    '--no-version-check',
    ...['--new-table-name', copyNamePattern],
    ...['--plugin', files.plugin],
    ...['--charset', 'utf8mb4'],
    ...['--max-load', `Threads_running=${limits.pauseAbove}`],
    ...['--critical-load', `Threads_running=${limits.stopAbove}`],
    ...['--max-lag', `${limits.maxLagSeconds}s`],
    ...['--chunk-time', String(limits.portionMs / 1000)],
    ...['--progress', 'time,1'],
    ...(method === null ? [] : ['--alter-foreign-keys-method', method]),
    `F=${files.options},D=${database},t=${table}`,
  ];
}

/** From its documentation (doc/command-line-flags.md); not run. */
export const ghOstArguments = (
  database: string,
  { table, clauses }: TableChange,
  limits: Limits,
  files: Pick<CallFiles, 'options'>,
  { host, port }: { readonly host: string; readonly port: number },
): string[] => [
  `--conf=${files.options}`,
  `--host=${host}`,
  `--port=${port}`,
  `--database=${database}`,
  `--table=${table}`,
  `--alter=${clauses}`,
  // The server that is migrated tells of its own changes; a replica's would be another address.
  '--allow-on-master',
  `--max-load=Threads_running=${limits.pauseAbove}`,
  `--critical-load=Threads_running=${limits.stopAbove}`,
  `--max-lag-millis=${limits.maxLagSeconds * 1000}`,
  `--dml-batch-size=10`,
  '--initially-drop-ghost-table=false',
  '--ok-to-drop-table',
  '--execute',
];

/** 0 to 100; null: the line tells of something else. */
export function progressIn(line: string): number | null {
  // `Copying `shop`.`orders`:  45% 00:12 remain`, and gh-ost's `Copy: 729/10000 7.3%; Applied: …`.
  const found = /^Copying .*:\s+(\d+)% /.exec(line)?.[1] ?? /^Copy: \d+\/\d+ ([\d.]+)%/.exec(line)?.[1];
  return found === undefined ? null : Math.min(100, Math.round(Number(found)));
}

/** What ties the program to the run that started it. */
export interface Tie {
  /** As `workLock`. */
  readonly lock: string;
  /** The run's own. */
  readonly connection: number;
  readonly needsTls: boolean;
}

/**
 * Perl: holds the lock on the work with the connection that works. After that, and before the tables are exchanged, it
 * looks whether the run still lives: whoever cleans up after a run finds the lock, or the program finds the run gone.
 */
export const pluginText = ({ lock, connection, needsTls }: Tie): string => `package pt_online_schema_change_plugin;
use strict;
use warnings;

sub new {
  my ($class, %args) = @_;
  return bless { cxn => $args{cxn} }, $class;
}

sub value {
  my ($self, $sql) = @_;
  my @row = $self->{cxn}->dbh()->selectrow_array($sql);
  return $row[-1];
}

sub require_run {
  my ($self) = @_;
  die qq{The run that started this has ended.\\n}
    unless $self->value(q{SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ${connection}});
}

sub init {
  my ($self) = @_;
  die qq{The connection is not encrypted.\\n}
    if ${needsTls ? 1 : 0} && !$self->value(q{SHOW SESSION STATUS LIKE 'Ssl_cipher'});
  die qq{The lock on the work could not be had.\\n} unless $self->value(q{SELECT GET_LOCK('${lock}', 0)});
  $self->require_run();
}

sub before_swap_tables {
  my ($self) = @_;
  die qq{The lock on the work was lost.\\n}
    unless $self->value(q{SELECT IS_USED_LOCK('${lock}') = CONNECTION_ID()});
  $self->require_run();
}

1;
`;
