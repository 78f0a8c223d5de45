/** Asks the database whether a migration is to be applied, and keeps to the answer. */
import type { Condition, Otherwise, Question } from '../../shared/model/condition.ts';
import type { Step } from '../../shared/model/plan.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import { conditionOf } from './conditionHazards.ts';
import type { Execution } from './execute.ts';
import { retryFailed } from './gate.ts';
import { SendFailure } from './message.ts';
import { MessageFault, type MessageObserver, type Row, ServerFault, type Session } from './ports.ts';
import { commitSql, historyWrite, journalStep, openStep, rollBack } from './records.ts';
import { startOf } from './startAt.ts';
import { StepFailure } from './stepFailure.ts';

const silent: MessageObserver = { completed: () => undefined, notice: () => undefined };

/**
 * `run`: its script is to be run. One that goes on where an earlier run ended was let through then: its own effects may
 * be what the questions find now.
 * @throws {StepFailure} before anything of the step has run
 */
export async function decide(step: Step, execution: Execution): Promise<'run' | 'skip' | 'record'> {
  const condition = conditionOf(step);
  if (condition === null || startOf(step, execution) !== null) return 'run';
  const refusal = await ask(condition, execution);
  if (refusal === null) return 'run';
  const { otherwise, why } = refusal;
  const told = condition.message === null ? why : `${why} Its author says: ${condition.message}`;
  if (otherwise === 'stop') throw notMet(step, condition, told, 'this database is not as the migration expects it.');
  // What an attempt before has left may be why: it is not complete for that.
  if (otherwise !== 'warn' && step.hazards.some(({ code }) => triedBefore.has(code)))
    throw notMet(step, condition, told, 'an attempt before left part of it; resume that run, or undo what it left.');
  execution.emit({ type: 'warning', message: `Migration ${step.version} ${became[otherwise]}: ${told}` });
  return otherwise === 'warn' ? 'run' : otherwise;
}

const triedBefore: ReadonlySet<string> = new Set([retryFailed, 'retryInterrupted']);

const became = {
  skip: 'was not run, and stays pending',
  record: 'was recorded without being run',
  warn: 'runs all the same',
} as const;

interface Refusal {
  readonly otherwise: Otherwise;
  readonly why: string;
}

/** Whatever the questions themselves do is rolled back. */
async function ask({ question, unmet, unanswered }: Condition, execution: Execution): Promise<Refusal | null> {
  const { session, control } = execution;
  try {
    await sendAll(session, [...openStep(execution), ...control.begin]);
    return (await isYes(question, session)) ? null : { otherwise: unmet, why: 'its conditions are not met.' };
  } catch (thrown) {
    const fault = thrown instanceof MessageFault ? thrown.fault : thrown;
    if (!(fault instanceof ServerFault)) throw thrown;
    if (!isAnswer(fault) || unanswered === 'stop') throw new StepFailure('rolledBack', new SendFailure(null, fault));
    return { otherwise: unanswered, why: `the server refused a question of its conditions: ${fault.message}` };
  } finally {
    await rollBack(execution);
  }
}

/** The server understood the question, and says that it cannot be answered. */
const isAnswer = ({ kind }: ServerFault): boolean => kind === 'statement' || kind === 'noSuchTable';

async function isYes(question: Question, session: Session): Promise<boolean> {
  if ('ask' in question) return String(await oneValue(question.ask, session)) === question.answer;
  if ('all' in question) return !(await some(question.all, async (one) => !(await isYes(one, session))));
  if ('any' in question) return await some(question.any, (one) => isYes(one, session));
  return !(await some(question.none, (one) => isYes(one, session)));
}

async function oneValue(query: string, session: Session): Promise<Row[string]> {
  const rows = await session.query(query);
  const [value, ...more] = Object.values(rows[0] ?? {});
  if (rows.length === 1 && value !== undefined && more.length === 0) return value;
  throw new ServerFault('statement', `It has ${rows.length} rows in place of one with one value: ${query}`);
}

async function some(questions: readonly Question[], is: (one: Question) => Promise<boolean>): Promise<boolean> {
  for (const one of questions) if (await is(one)) return true;
  return false;
}

const notMet = (step: Step, { line }: Condition, told: string, hint: string): StepFailure =>
  new StepFailure(
    'rolledBack',
    new SendFailure(
      null,
      new ProblemError({
        code: 'run.condition',
        message: `Migration ${step.version} was not run: ${told}`,
        state: nothingChanged,
        hint: `Look at what it asks: ${hint}`,
        path: step.script.path,
        line,
      }),
    ),
  );

/** History row and journal row in one transaction; nothing of its script. @throws {StepFailure} */
export async function recordUnrun(step: Step, execution: Execution): Promise<void> {
  const { session, control, dialect, history, journal } = execution;
  try {
    await sendAll(session, [
      ...openStep(execution),
      ...control.begin,
      dialect.startTimer,
      ...control.home,
      ...history.applied({ ...historyWrite(step, execution), unrun: true }),
      ...(journal?.stepDone(journalStep(step, execution)) ?? []),
    ]);
  } catch (thrown) {
    throw await failure(thrown, 'rolledBack', execution);
  }
  try {
    await sendAll(session, commitSql(execution));
  } catch (thrown) {
    throw await failure(thrown, 'unknown', execution);
  }
}

async function failure(thrown: unknown, whenLost: 'rolledBack' | 'unknown', execution: Execution): Promise<unknown> {
  if (!(thrown instanceof MessageFault)) return thrown;
  const { fault } = thrown;
  if (fault.kind === 'connectionLost') return new StepFailure(whenLost, new SendFailure(null, fault));
  await rollBack(execution);
  return new StepFailure('rolledBack', new SendFailure(null, fault));
}

const sendAll = (session: Session, all: readonly string[]): Promise<void> =>
  session.send(
    all.filter((sql) => sql !== '').map((sql) => ({ kind: 'control' as const, sql })),
    silent,
  );
