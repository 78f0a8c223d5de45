/** Runs a program of a step: every statement it asks for is looked at, announced and counted as one of a script's would be. */
import type { ProgramScript, TextScript } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { Statement, StatementTraits } from '../../shared/model/statement.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { SendFailure } from './message.ts';
import { type LentAnswer, type LentSession, MessageFault, ServerFault, type UnitResult } from './ports.ts';
import type { Progress } from './progress.ts';
import { yieldedScript } from './textScript.ts';

/** Characters of a statement told with its failure. */
const toldOfStatement = 1000;

/** For the key that the statement before it was given: a row of the journal in between would be told instead. */
const asksForKey = /^SELECT (?:LAST_INSERT_ID|last_insert_rowid)\(\) AS id$/;

interface Running {
  readonly script: ProgramScript;
  readonly step: Step;
  readonly execution: Execution;
  readonly progress: Progress;
  /** Called before each statement is sent. */
  readonly announce: (statement: Statement) => Promise<void>;
}

/**
 * Resolves with the SQL it leaves to be run after it; null for none. A statement that failed fails the program, whether
 * it took note of that or not: on PostgreSQL nothing would run after it, and all engines are to behave alike.
 * @throws {SendFailure | ServerFault | ProblemError}
 */
export async function runProgram(running: Running): Promise<TextScript | null> {
  const { script, step, execution, progress } = running;
  let failure: unknown = null;
  let sent = 0;
  const lent: LentSession = {
    inTransaction: step.transactional,
    wantsTransaction: step.migration.transaction[script.direction],
    database: execution.session.identity.database,
    product: execution.session.identity.product,
    async query(sql, parameters, line) {
      if (failure !== null) throw new Error('An earlier statement failed, and with it the migration.');
      try {
        let answer: LentAnswer = { rows: [], affectedRows: null, columnTypes: {} };
        for (const statement of statementsOf(running, sql, line, parameters.length > 0)) {
          if (asksForKey.test(statement.text)) {
            answer = await ask(statement, parameters, running);
            continue;
          }
          await running.announce({ ...statement, index: sent });
          answer = await send({ ...statement, index: sent++ }, parameters, running);
        }
        return answer;
      } catch (thrown) {
        failure = thrown;
        throw thrown instanceof SendFailure ? thrown.fault : thrown;
      }
    },
    say: (severity, message) => execution.emit({ type: 'notice', step: step.index, severity, message }),
    progress: (done, total) => progress.told(done, total),
  };
  const end = await execution.programs.run(script, lent, execution.signal).catch((thrown: unknown) => {
    if (execution.signal.aborted) throw new ServerFault('cancelled', 'The program was ended.');
    throw failure ?? thrown;
  });
  if (failure !== null) throw failure;
  return end.sql === null ? null : yieldedScript(script.path, end.sql);
}

function statementsOf({ script, step, execution }: Running, sql: string, line: number, single: boolean): Statement[] {
  const splitter = execution.sql.createSplitter({ path: script.path });
  const pieces = [...splitter.push(sql), ...splitter.finish()];
  const place = { state: nothingChanged, path: script.path, line };
  if (pieces.some((piece) => piece.kind === 'copyData' || piece.statement.copiesData))
    throw new ProblemError({
      ...place,
      code: 'script.copyData',
      message: 'A program cannot send the data of a COPY … FROM stdin.',
      hint: 'Use INSERT, or a migration in SQL.',
    });
  const statements = pieces.flatMap((piece) => (piece.kind === 'statement' ? [piece.statement] : []));
  if (single && statements.length > 1)
    throw new ProblemError({
      ...place,
      code: 'script.program',
      message: 'A query with values is one statement, and this is several.',
      hint: 'Send them one by one.',
    });
  const control = statements.find(({ text }) => !mayControl(script, step, execution.sql.classify(text)));
  if (control !== undefined)
    throw new ProblemError({
      ...place,
      code: 'script.transactionControl',
      message: `The program sends ${execution.sql.classify(control.text).verb}, but transactions are Lockkeeper’s${step.transactional ? ': the whole migration is one' : ''}.`,
      hint: 'Remove it from the program.',
    });
  return statements.map((statement) => ({ ...statement, line, column: 1 }));
}

/** A library keeps its own transactions where the step is none, and savepoints where it is one. */
function mayControl({ program }: ProgramScript, { transactional }: Step, { kind, verb }: StatementTraits): boolean {
  if (kind !== 'transactionControl') return true;
  if (program.calledWith === 'handle' || program.calledWith === 'pgm') return false;
  return !transactional || /SAVEPOINT|^RELEASE/.test(verb);
}

async function send(statement: Statement, parameters: Parameters<LentSession['query']>[1], running: Running) {
  try {
    return givesRows(statement, running.execution) || parameters.length > 0
      ? await ask(statement, parameters, running)
      : await change(statement, running);
  } catch (thrown) {
    const fault = thrown instanceof MessageFault ? thrown.fault : thrown;
    throw fault instanceof ServerFault ? new SendFailure(statement, told(fault, statement)) : fault;
  }
}

const givesRows = ({ text }: Statement, { sql }: Execution): boolean => {
  const { kind } = sql.classify(text);
  return !(kind === 'definition' || kind === 'transactionControl' || (kind === 'data' && !/\breturning\b/i.test(text)));
};

async function ask(
  statement: Statement,
  parameters: Parameters<LentSession['query']>[1],
  { execution, progress }: Running,
): Promise<LentAnswer> {
  const rows = await execution.session.query(statement.text, parameters);
  progress.completed(statement, { affectedRows: null, resultSet: null });
  return { rows, affectedRows: null, columnTypes: rows.columnTypes ?? {} };
}

/** The server's notices and the number of rows are told this way only. */
async function change(statement: Statement, { execution, progress }: Running): Promise<LentAnswer> {
  const units = [{ kind: 'statement' as const, sql: statement.text, statement }];
  const observer = progress.observe(units);
  let result: UnitResult = { affectedRows: null, resultSet: null };
  await execution.session.send(units, {
    ...observer,
    completed(unit, completed) {
      result = completed;
      observer.completed(unit, completed);
    },
  });
  return { rows: [], affectedRows: result.affectedRows, columnTypes: {} };
}

/** Positions are those of a text that is in no file: the text itself is told instead. */
const told = (fault: ServerFault, { text }: Statement): ServerFault =>
  new ServerFault(fault.kind, fault.message, {
    code: fault.code,
    detail: [fault.detail, `In: ${text.slice(0, toldOfStatement)}`].filter(Boolean).join('\n'),
    cause: fault,
  });
