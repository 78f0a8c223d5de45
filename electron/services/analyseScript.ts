/** Splits a script once before it is planned: counts, traits, hazards and everything wrong with it. No database. */
import type { ProgramScript, Script } from '../../shared/model/migration.ts';
import type { BatchedStatement, Hazard, ScriptAnalysis } from '../../shared/model/plan.ts';
import type { ScriptPiece, Statement, StatementTraits } from '../../shared/model/statement.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import type { Driver } from '../databases/driver.ts';
import { type HazardLook, handedOver } from '../engine/hazards.ts';
import type { ScriptPieces } from '../engine/scriptPieces.ts';

/** Tables and hazards of a huge data script add nothing after this many. */
const enough = 50;

interface Findings {
  statements: number;
  /** How many of them refuse a transaction. */
  refusing: number;
  refusesTransaction: ScriptAnalysis['refusesTransaction'];
  transactionControl: ScriptAnalysis['transactionControl'];
  /** Has an effect outside of transactions only, and stands behind others: at the very end it does not matter. */
  ignored: ScriptAnalysis['refusesTransaction'];
  /** So far there are none but those sent before the transaction. */
  atHead: boolean;
  tablesLocked: boolean;
  readonly tables: Set<string>;
  readonly hazards: Hazard[];
  readonly batched: BatchedStatement[];
  readonly handedOver: number[];
  readonly placeholders: Record<string, string>;
  readonly problems: Problem[];
}

/**
 * `hazards`: one for all scripts of a plan, since what an earlier one makes is new to a later one. It was told of the
 * script's beginning.
 */
export async function analyseScript(
  script: Script,
  driver: Driver,
  pieces: ScriptPieces,
  hazards: HazardLook,
): Promise<ScriptAnalysis> {
  const findings: Findings = {
    statements: 0,
    refusing: 0,
    refusesTransaction: null,
    transactionControl: null,
    ignored: null,
    atHead: true,
    tablesLocked: false,
    tables: new Set(),
    hazards: script.kind === 'program' ? [programHazard(script)] : [],
    batched: [],
    handedOver: [],
    placeholders: {},
    problems: [],
  };
  try {
    if (script.kind !== 'program')
      for await (const found of pieces.read(script)) inspectAll(found, script, { driver, look: hazards }, findings);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    findings.problems.push(thrown.problem);
  }
  const { statements, refusesTransaction, transactionControl, tables, batched, placeholders, problems } = findings;
  return {
    statements,
    refusesTransaction,
    ...(statements > 0 && findings.refusing === statements ? { allRefuse: true } : {}),
    transactionControl,
    tables: [...tables],
    hazards: findings.hazards,
    batched,
    ...(findings.handedOver.length === 0 ? {} : { handedOver: findings.handedOver }),
    placeholders,
    problems,
  };
}

const programHazard = ({ program: { command } }: ProgramScript): Hazard =>
  command === undefined
    ? {
        code: 'program',
        severity: 'warning',
        line: null,
        message: 'It is a program: what it does to the database is known only when it runs.',
      }
    : {
        code: 'outsideJournal',
        severity: 'warning',
        line: null,
        message: `${command.tool} runs it over a connection of its own: no journal tells how far it came. Our lock is held beside it, and the history is compared afterwards.`,
      };

interface Judges {
  readonly driver: Driver;
  readonly look: HazardLook;
}

function inspectAll(pieces: readonly ScriptPiece[], script: Script, judges: Judges, findings: Findings): void {
  for (const piece of pieces) if (piece.kind === 'statement') inspect(piece.statement, script, judges, findings);
}

function inspect(statement: Statement, script: Script, { driver, look }: Judges, findings: Findings): void {
  findings.statements += 1;
  const traits = driver.sql.classify(statement.text);
  inspectTransaction(statement, traits, findings);
  inspectDirectives(statement, traits, script, findings);
  for (const { name, value } of statement.written?.inserted ?? []) if (name !== '') findings.placeholders[name] = value;
  if (findings.tables.size < enough)
    for (const table of driver.sql.tablesOf(statement.text)) findings.tables.add(table);
  // Always asked: it must know what each statement makes.
  for (const hazard of look.look(statement, traits)) {
    if (isWorthTelling(hazard, findings)) findings.hazards.push(hazard);
    if (hazard.code === handedOver && !findings.tablesLocked) findings.handedOver.push(statement.index);
  }
}

/** Of very many only those that a gate asks for and was not told of yet. */
const isWorthTelling = (hazard: Hazard, { hazards }: Findings): boolean =>
  hazards.length < enough ||
  ((hazard.severity === 'danger' || hazard.mustAccept === true) &&
    hazard.accepted === undefined &&
    !hazards.some(
      ({ code, severity, accepted }) => code === hazard.code && severity === hazard.severity && accepted === undefined,
    ));

function inspectTransaction({ line }: Statement, traits: StatementTraits, findings: Findings): void {
  const beforeOthers = traits.beforeTransaction === true;
  const place = { verb: traits.verb, line, beforeOthers };
  if (traits.kind === 'transactionControl') findings.transactionControl ??= place;
  if (beforeOthers || traits.refusesTransaction) findings.refusing += 1;
  if (beforeOthers && findings.atHead) return;
  findings.atHead = false;
  if (traits.refusesTransaction) findings.refusesTransaction ??= place;
  if (beforeOthers) findings.ignored ??= place;
  else if (findings.ignored !== null) findings.refusesTransaction ??= findings.ignored;
}

function inspectDirectives(statement: Statement, traits: StatementTraits, script: Script, findings: Findings): void {
  const { batch, expected, line, column } = statement;
  const refuse = (message: string, hint: string): number =>
    findings.problems.push({
      code: 'script.directive',
      message,
      state: nothingChanged,
      hint,
      path: script.path,
      line,
      column,
    });
  const changesRows = traits.kind === 'data' && !traits.implicitCommit && !statement.copiesData;
  if (batch !== undefined && !(changesRows && batchable.test(traits.verb)))
    refuse(
      `${traits.verb} cannot be batched: it does not tell how many rows it changed.`,
      'Batch an INSERT, UPDATE or DELETE that finds fewer rows each time.',
    );
  else if (batch !== undefined && findings.tablesLocked)
    refuse(
      'A batched statement cannot run between LOCK TABLES and UNLOCK TABLES: its transactions would end the locks.',
      'Put it before or after them.',
    );
  else if (batch !== undefined) findings.batched.push({ ...batch, line });
  if (expected !== undefined && !(traits.kind === 'query' || (traits.kind === 'data' && !traits.implicitCommit)))
    refuse(`${traits.verb} has no number of rows to expect.`, 'Expect rows of a query, or of a change of data.');
  if (traits.tableLocks !== undefined) findings.tablesLocked = traits.tableLocks === 'taken';
}

const batchable = /^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)$/;
