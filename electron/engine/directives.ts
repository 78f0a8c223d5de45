/** Gives each statement of a script what its author asked of it on the lines before. */

import type { StatementDirective } from '../../shared/model/directive.ts';
import type { Script } from '../../shared/model/migration.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';

export interface DirectiveReader {
  /** Called for the statements in order. @throws {ProblemError} `script.directive` */
  apply(statement: Statement): Statement;
  /** The script has ended. @throws {ProblemError} `script.directive` */
  end(): void;
}

export function createDirectiveReader(script: Script): DirectiveReader {
  const directives = script.directives ?? [];
  let next = 0;
  let lastLine = 0;
  return {
    apply(statement) {
      let result = statement;
      for (let one = directives[next]; one !== undefined && one.line < statement.line; one = directives[++next]) {
        if (one.line <= lastLine) refuse(script, one, 'stands inside a statement');
        if (result.batch !== undefined || result.expected !== undefined)
          refuse(script, one, 'is one directive too many for its statement');
        result = directed(result, one);
      }
      lastLine = statement.line + lineBreaksIn(statement.text);
      return result;
    },
    end() {
      const left = directives[next];
      if (left !== undefined)
        refuse(script, left, left.line <= lastLine ? 'stands inside a statement' : 'has no statement after it');
    },
  };
}

const directed = (statement: Statement, directive: StatementDirective): Statement =>
  directive.kind === 'batch' ? { ...statement, batch: directive.batch } : { ...statement, expected: directive.rows };

const lineBreaksIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

function refuse(script: Script, { kind, line }: StatementDirective, why: string): never {
  throw new ProblemError({
    code: 'script.directive',
    message: `“-- lockkeeper:${kind}” ${why}.`,
    state: nothingChanged,
    hint: 'Put it on a line of its own directly before the statement it is meant for.',
    path: script.path,
    line,
  });
}
