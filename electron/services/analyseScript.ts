/** Splits a script once before it is planned: counts, traits, hazards and everything wrong with it. No database. */
import type { Script } from '../../shared/model/migration.ts';
import type { Hazard, ScriptAnalysis } from '../../shared/model/plan.ts';
import type { ScriptPiece, Statement } from '../../shared/model/statement.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { Driver } from '../databases/driver.ts';
import type { ScriptPieces } from '../engine/scriptPieces.ts';

/** Tables and hazards of a huge data script add nothing after this many. */
const enough = 50;

interface Findings {
  statements: number;
  refusesTransaction: ScriptAnalysis['refusesTransaction'];
  transactionControl: ScriptAnalysis['transactionControl'];
  readonly tables: Set<string>;
  readonly hazards: Hazard[];
}

export async function analyseScript(script: Script, driver: Driver, pieces: ScriptPieces): Promise<ScriptAnalysis> {
  const findings: Findings = {
    statements: 0,
    refusesTransaction: null,
    transactionControl: null,
    tables: new Set(),
    hazards: [],
  };
  const problems: Problem[] = [];
  if (script.kind === 'program') return { ...findings, tables: [], hazards: [isProgram], problems };
  try {
    for await (const found of pieces.read(script)) inspectAll(found, driver, findings);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    problems.push(thrown.problem);
  }
  return { ...findings, tables: [...findings.tables], problems };
}

const isProgram: Hazard = {
  code: 'program',
  severity: 'warning',
  line: null,
  message: 'It is a program: what it does to the database is known only when it runs.',
};

function inspectAll(pieces: readonly ScriptPiece[], driver: Driver, findings: Findings): void {
  for (const piece of pieces) if (piece.kind === 'statement') inspect(piece.statement, driver, findings);
}

function inspect(statement: Statement, driver: Driver, findings: Findings): void {
  findings.statements += 1;
  const traits = driver.sql.classify(statement.text);
  const place = { verb: traits.verb, line: statement.line };
  if (traits.refusesTransaction) findings.refusesTransaction ??= place;
  if (traits.kind === 'transactionControl') findings.transactionControl ??= place;
  if (findings.tables.size < enough)
    for (const table of driver.sql.tablesOf(statement.text)) findings.tables.add(table);
  if (findings.hazards.length >= enough) return;
  for (const rule of driver.hazards) {
    const hazard = rule(statement, traits);
    if (hazard !== null) findings.hazards.push(hazard);
  }
}
