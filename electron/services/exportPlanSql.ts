/** A plan as one SQL script with its history-table writes, for someone who may only run SQL. */
import type { EngineId } from '../../shared/model/environment.ts';
import type { ProgramScript } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { type Problem, raise } from '../../shared/problem.ts';
import { conditionOf } from '../engine/conditionHazards.ts';
import type { Dialect, StepControl } from '../engine/ports.ts';
import { readUnits } from '../engine/scriptUnits.ts';
import type { Context } from './context.ts';
import { type PreparedPlan, requireRunnable } from './planMigration.ts';
import { clientSql } from './planSql/clientSql.ts';
import { recordExport } from './planSql/exports.ts';
import { readGuards } from './planSql/guards.ts';
import { withSession } from './target.ts';

/** @throws {ProblemError} when the plan could not be run either */
export async function* exportPlanSql(context: Context, prepared: PreparedPlan): AsyncGenerator<string> {
  const { plan } = prepared;
  requireRunnable(plan, null);
  for (const step of plan.steps) {
    if (step.script.kind === 'program') raise(notSql(step.script));
    if (conditionOf(step) !== null) raise(conditional(step));
  }
  const { driver } = prepared.target;
  const client = clientSql(driver.id, driver.dialect);
  const guards = await withSession(context, prepared.target, (session) => readGuards(session, prepared));
  recordExport(context, prepared);
  yield client.stopAtError;
  yield header(context, prepared);
  yield client.guards(guards);
  yield client.evidence(plan.fingerprint, 0);
  if (plan.steps.length > 0 && !prepared.tableExists)
    for (const sql of prepared.source.history.create()) yield `${sql};\n`;
  for (const step of plan.steps) {
    yield* stepSql(context, step, prepared);
    yield client.evidence(plan.fingerprint, step.index + 1);
  }
}

const notSql = ({ path }: ProgramScript): Omit<Problem, 'state'> => ({
  code: 'script.notSql',
  message: `${path} is a program: what it does is known only when it runs, so it cannot be written as SQL.`,
  hint: 'Run it with Lockkeeper, or plan up to the migration before it.',
  path,
});

const conditional = ({ version, script: { path } }: Step): Omit<Problem, 'state'> => ({
  code: 'script.notSql',
  message: `Migration ${version} asks the database whether it runs: SQL alone cannot decide that.`,
  hint: 'Run it with Lockkeeper, or plan up to the migration before it.',
  path,
});

function header(context: Context, { plan, target }: PreparedPlan): string {
  const lines = [
    `Lockkeeper plan ${plan.fingerprint}`,
    `for ${plan.target.database} (${target.driver.title}), made ${new Date(context.clock.now()).toISOString()}`,
    `history table ${plan.target.historyTable}, tool ${plan.target.tool}`,
    `Run it once with the database’s own client: ${calls[target.driver.id]}. It stops before anything is changed`,
    'where the database is another one or its history is not the plan’s, and at the first error. Durations are recorded as 0.',
    'Send back what it prints: “lockkeeper plan import-evidence” takes it as evidence.',
  ];
  return lines.map((line) => `-- ${oneLine(line)}\n`).join('');
}

/** How each client is called; what it prints goes into a file. */
const calls: Readonly<Record<EngineId, string>> = {
  postgres: 'psql -X -f plan.sql DATABASE > evidence.txt',
  mysql: 'mariadb DATABASE < plan.sql > evidence.txt',
  sqlite: 'sqlite3 FILE < plan.sql > evidence.txt',
};

/** Names and paths come from files: a line break in one must not leave the comment. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');

async function* stepSql(context: Context, step: Step, { plan, source, target }: PreparedPlan): AsyncGenerator<string> {
  const { control } = target.driver;
  // Another client measures nothing: our timer exists in our own sessions only.
  const dialect: Dialect = { ...target.driver.dialect, startTimer: '', elapsedMs: '0' };
  const write = { step, dialect, actor: context.host.user, runId: `plan ${plan.fingerprint.slice(0, 16)}` };
  yield `\n-- ${step.action} ${oneLine(step.version)} ${oneLine(step.name)} (${oneLine(step.script.path)})\n`;
  const { statementTimeoutMs } = step.migration.metadata;
  if (statementTimeoutMs !== undefined) yield `-- Each statement may take ${statementTimeoutMs / 1000} s; else stop.\n`;
  let begun = !step.transactional;
  let copying = false;
  for await (const unit of readUnits(step.script, source)) {
    if (unit.kind === 'copyData') {
      yield unit.text.endsWith('\n') ? unit.text : `${unit.text}\n`;
      continue;
    }
    if (copying) yield '\\.\n';
    if (!begun && target.driver.sql.classify(unit.sql).beforeTransaction !== true) {
      yield statements(control.begin);
      begun = true;
    }
    copying = unit.statement.copiesData;
    yield remarksOn(unit.statement);
    yield copying ? `${unit.sql};\n` : terminated(unit.sql, target.driver.id);
  }
  if (copying) yield '\\.\n';
  if (!begun) yield statements(control.begin);
  yield statements(homeOf(plan.target.database, target));
  yield statements(step.action === 'apply' ? source.history.applied(write) : source.history.reverted(write));
  if (step.transactional) yield statements([control.commit]);
}

/** Whatever the script has set, the history row goes where the tool looks for it. MySQL's own words need a session of ours. */
const homeOf = (database: string, { driver }: PreparedPlan['target']): readonly string[] =>
  driver.id === 'mysql' ? [`USE ${driver.dialect.quoteIdentifier(database)}`] : driver.control.home;

/** What the database's own client does not do by itself. */
function remarksOn({ batch, expected }: Statement): string {
  if (batch !== undefined) return '-- Repeat this statement until it affects no rows.\n';
  if (expected === undefined) return '';
  const { least, most } = expected;
  return `-- It must affect ${least === most ? least : `${least} to ${most ?? 'any number of'}`} rows; else stop, and roll back.\n`;
}

const statements = (list: StepControl['begin']): string => list.map((sql) => `${sql};\n`).join('');

/** A compound statement holds semicolons, which the client programs of MySQL and MariaDB would take for its end. */
function terminated(sql: string, engine: string): string {
  if (engine !== 'mysql' || !sql.includes(';')) return `${sql}\n;\n`;
  const delimiter = ['//', '$$', ';;', '@@lockkeeper@@'].find((one) => !sql.includes(one)) ?? '@@lockkeeper@@';
  return `DELIMITER ${delimiter}\n${sql}\n${delimiter}\nDELIMITER ;\n`;
}
