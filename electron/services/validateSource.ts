/** Structure and syntax of a migration folder or one file of it, without a database and without running anything. */
import path from 'node:path';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Migration, Script } from '../../shared/model/migration.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { ValidateReport } from '../../shared/model/validation.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import type { Driver } from '../databases/driver.ts';
import { driverFor } from '../databases/registry.ts';
import { placeOf } from '../engine/failure.ts';
import type { Placeholders } from '../engine/placeholders.ts';
import type { ScriptReader } from '../engine/ports.ts';
import { createScriptPieces } from '../engine/scriptPieces.ts';
import { createScriptReader } from '../tools/common/scriptReader.ts';
import { chooseTool } from '../tools/detect.ts';
import type { Tool } from '../tools/tool.ts';
import type { OfflineSource } from './offlineSource.ts';
import { tableName } from './readSource.ts';

/** Syntax errors told of one script; the first usually causes the others. */
const mostOfOne = 10;

/**
 * `file`: a path of the folder or of the file system; null for the whole folder.
 * @throws {ProblemError} `source.*` when there is nothing to read
 */
export async function validateSource(source: OfflineSource, file: string | null): Promise<ValidateReport> {
  const { tool, root } = await toolOf(source, file !== null);
  const engines = source.engine === null ? tool.engines : [source.engine];
  if (!engines.some((engine) => tool.engines.includes(engine)))
    raise({
      code: 'source.unsupported',
      message: `${tool.title} does not work on ${driverFor(engines[0] ?? 'postgres').title}.`,
      hint: `It works on: ${tool.engines.join(', ')}.`,
    });
  const {
    source: read,
    problems,
    notices,
  } = await tool.read(root, {
    engine: source.engine,
    placeholders: source.placeholders ?? {},
    historyTable: tableName(source.historyTable),
  });
  const wanted = file === null ? null : path.relative(read.root, path.resolve(file)).replaceAll('\\', '/');
  const isWanted = (one: string | undefined): boolean =>
    wanted === null || one === wanted || one === file || one === undefined;
  const scripts = read.migrations.flatMap(scriptsOf).filter((script) => isWanted(script.path));
  if (wanted !== null && scripts.length === 0 && !problems.some((problem) => problem.path === wanted))
    raise({
      code: 'source.noSuchVersion',
      message: `${file} is no script of a migration in ${read.root}.`,
      hint: 'Check its name and place: the tool passes over what is not named as it names migrations.',
    });
  const reader = createScriptReader(read.root);
  const found = [...problems.filter((problem) => isWanted(problem.path))];
  for (const script of scripts)
    found.push(...(await checkScript(script, engines, { reader, given: source.placeholders ?? {} })));
  return {
    tool: tool.id,
    source: read.root,
    engines,
    file: wanted,
    migrations: new Set(read.migrations.filter((one) => scriptsOf(one).some(({ path: at }) => isWanted(at)))).size,
    scripts: scripts.length,
    problems: found,
    notices: notices.filter((notice) => isWanted(notice.path)),
  };
}

/** A file may lie in a folder of its version, beside others of its kind. */
async function toolOf(source: OfflineSource, ofFile: boolean): Promise<{ tool: Tool; root: string }> {
  try {
    return { tool: await chooseTool(source.path, source.tool ?? null), root: source.path };
  } catch (thrown) {
    const unknown = thrown instanceof ProblemError && thrown.problem.code === 'source.unknownTool';
    if (!ofFile || !unknown) throw thrown;
    const root = path.dirname(path.resolve(source.path));
    const tool = await chooseTool(root, source.tool ?? null).catch(() => {
      throw thrown;
    });
    return { tool, root };
  }
}

const scriptsOf = ({ up, down, verify }: Migration): Script[] =>
  [up, down, verify].filter((script) => script !== null && script.kind !== 'program');

interface Given {
  readonly reader: ScriptReader;
  readonly given: Readonly<Record<string, string>>;
}

/** Which environment it will run in is not known: a placeholder without a value stands for a name like its own. */
const withStandIns = ({ dialect }: Driver, given: Given['given']): Placeholders => ({
  dialect,
  valueOf: (name) => given[name] ?? name.replace(/\W/g, '_'),
});

/** When nobody said which engine it is for, a script that one of them takes is well. */
async function checkScript(script: Script, engines: readonly EngineId[], given: Given): Promise<Problem[]> {
  let first: Problem[] | null = null;
  for (const engine of engines) {
    const problems = await checkFor(script, driverFor(engine), given);
    if (problems.length === 0) return [];
    first ??= problems;
  }
  return first ?? [];
}

async function checkFor(script: Script, driver: Driver, { reader, given }: Given): Promise<Problem[]> {
  const problems: Problem[] = [];
  try {
    for await (const pieces of createScriptPieces(reader, driver.sql, withStandIns(driver, given)).read(script))
      for (const piece of pieces) {
        if (piece.kind !== 'statement' || problems.length >= mostOfOne) continue;
        const fault = (await driver.sql.checkSyntax?.(piece.statement.text)) ?? null;
        if (fault !== null) problems.push(syntaxProblem(script, piece.statement, fault.message, fault.position));
      }
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    problems.push(thrown.problem);
  }
  return problems;
}

const syntaxProblem = (script: Script, statement: Statement, words: string, position: number): Problem => ({
  code: 'script.syntax',
  message: `The statement is not PostgreSQL’s SQL: ${words}.`,
  state: nothingChanged,
  hint: 'Correct it in the script.',
  path: script.path,
  ...placeOf(statement, position),
});
