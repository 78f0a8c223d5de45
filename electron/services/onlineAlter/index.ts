/** Runs the program that changes a big table, and removes what it leaves when it does not come to its end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { OnlineAlterSettings } from '../../../shared/model/settings.ts';
import { nothingChanged, ProblemError, raise } from '../../../shared/problem.ts';
import { usesTls } from '../../backups/mysql/catalogue.ts';
import { optionFileArgument } from '../../backups/mysql/connection.ts';
import { type Ended, startProgram } from '../../backups/process/program.ts';
import { SecretFolder } from '../../backups/process/secretFolder.ts';
import {
  findWorker,
  onlineAlterLeftovers,
  type TableChange,
  tableChange,
  workLock,
} from '../../databases/mysql/onlineAlter.ts';
import { type OnlineAlter, type OnlineAlterWork, ServerFault, type Session } from '../../engine/ports.ts';
import { Relay } from '../../tunnels/relay.ts';
import { isHere, type TargetDatabase } from '../target.ts';
import { ghOstArguments, pluginText, progressIn, ptOscArguments } from './commands.ts';
import { requirePreconditions } from './preconditions.ts';
import { type AlterProgram, type AlterProgramName, findAlterProgram } from './programs.ts';

/** Milliseconds between two looks at a connection that the server is about to end. */
const pollMs = 100;

type Chosen = OnlineAlterSettings & { readonly program: AlterProgramName };

export function createOnlineAlter(target: TargetDatabase, settings: OnlineAlterSettings): OnlineAlter {
  return {
    async alter(statement, work) {
      const { program } = settings;
      const { connection } = target.environment;
      const change = tableChange(statement);
      if (program === 'none' || change === null || connection.engine === 'sqlite') raise(notHandedOver);
      const found = await findAlterProgram(program);
      const { isReferredTo, warnings } = await requirePreconditions(
        work.session,
        change.table,
        settings,
        isHere(connection),
      );
      for (const warning of warnings) work.warn(warning);
      const chosen = { ...settings, program };
      const call = { connection, password: target.password, found, change, settings: chosen, isReferredTo };
      const before = await stateOf(target, work.session, statement);
      const ended = await runProgram(call, work);
      if (ended.exitCode === 0) return;
      await settle(target, statement, work, { ended, before });
    },
  };
}

const notHandedOver = {
  code: 'alter.refused',
  message: 'The statement is none that a program could change a table by.',
  hint: 'Plan again.',
  state: nothingChanged,
} as const;

interface Call {
  readonly connection: NetworkConnection;
  readonly password: string | null;
  readonly found: AlterProgram;
  readonly change: TableChange;
  readonly settings: Chosen;
  readonly isReferredTo: boolean;
}

async function runProgram(call: Call, work: OnlineAlterWork): Promise<Ended> {
  if (work.signal.aborted) throw new ServerFault('cancelled', 'Cancelled before the program was started.');
  await using secrets = await SecretFolder.create();
  await using relay = await Relay.open(call.connection);
  const program = startProgram(
    {
      path: call.found.path,
      arguments: await argumentsOf(call, work.session, secrets, relay),
      environment: {},
      password: call.password,
    },
    (line) => tell(line, call.settings.program, work),
  );
  program.input.end();
  let rest = '';
  program.output.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = (lines.pop() ?? '').slice(-1000);
    for (const line of lines) tell(line, call.settings.program, work);
  });
  const stop = () => void program.stop();
  work.signal.addEventListener('abort', stop, { once: true });
  try {
    return await program.ended;
  } finally {
    work.signal.removeEventListener('abort', stop);
  }
}

function tell(line: string, operation: string, work: OnlineAlterWork): void {
  const percent = progressIn(line);
  if (percent === null) return;
  work.progress({ operation, phase: 'copying rows', phaseNumber: null, phases: null, percent, estimated: true });
}

async function argumentsOf(
  { connection, password, found, change, settings, isReferredTo }: Call,
  session: Session,
  secrets: SecretFolder,
  relay: Relay | null,
): Promise<string[]> {
  const { database, backend } = session.identity;
  const own = Number(backend.split(' ')[0]);
  const encrypted = await usesTls(session);
  const program = { engine: 'mysql', product: 'MariaDB', name: settings.program, ...found } as const;
  const argument = await optionFileArgument({ connection, password, program, relay, encrypted }, secrets);
  const options = argument.slice(argument.indexOf('=') + 1);
  if (settings.program === 'gh-ost')
    return ghOstArguments(database, change, settings, { options }, relay ?? connection);
  const needsTls = encrypted && connection.tls !== 'prefer' && connection.tls !== 'disable';
  return ptOscArguments(
    database,
    change,
    settings,
    {
      options,
      empty: await secrets.write('empty.conf', ''),
      plugin: await secrets.write('plugin.pm', pluginText({ lock: workLock(backend), connection: own, needsTls })),
    },
    isReferredTo,
  );
}

/** Of what the statement changes; null: the catalogue does not describe it. */
async function stateOf({ driver }: TargetDatabase, session: Session, statement: string): Promise<string | null> {
  const probe = driver.control.probe(statement);
  if (probe === null) return null;
  const [row] = await session.query(`SELECT ${probe.state} AS state`);
  return row?.['state'] == null ? null : String(row['state']);
}

/** The program did not come to a good end: what it left goes, and whether the tables were exchanged is looked at. */
async function settle(
  target: TargetDatabase,
  statement: string,
  { session, signal, warn }: OnlineAlterWork,
  { ended, before }: { readonly ended: Ended; readonly before: string | null },
): Promise<void> {
  const said = ended.errorLines.slice(-5).join(' ');
  // The server may still be at a statement of its.
  while ((await findWorker(session, session.identity.backend)) !== null) await delay(pollMs);
  const left = await onlineAlterLeftovers(session, statement);
  try {
    for (const sql of left?.cleanup ?? []) await session.query(sql);
  } catch (thrown) {
    if (!(thrown instanceof ServerFault) || thrown.kind === 'connectionLost') throw thrown;
    throw new ProblemError(
      {
        code: 'alter.leftovers',
        message: `The program ended (${ended.how}), and what it left could not be removed: ${thrown.message}`,
        hint: `Have these run when no program works on the table any more: ${(left?.cleanup ?? []).join('; ')}`,
        state: 'The table may have triggers of the program; its rows are all there.',
        serverMessage: said,
      },
      { cause: thrown },
    );
  }
  const now = await stateOf(target, session, statement);
  if (before !== null && now !== null && now !== before) {
    warn(`The program ended (${ended.how}) after it had exchanged the tables: the change is made. ${said}`);
    return;
  }
  if (signal.aborted)
    throw new ServerFault('cancelled', 'The program was stopped; the table is as it was, and the copy was removed.');
  throw new ProblemError({
    code: 'alter.failed',
    message: `The program that was to change the table ended (${ended.how}): ${said === '' ? 'it said nothing.' : said}`,
    hint: 'Mend what it says, and run again; or let the server change the table (setting onlineAlter.program).',
    state: 'The table is as it was; the copy and the triggers were removed.',
    serverMessage: said,
  });
}
