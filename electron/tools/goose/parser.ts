/** goose's annotations, line by line, as its parser takes and refuses them (internal/sqlparser/parser.go). */
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { Mark } from '../common/scan.ts';

export type Annotation =
  | 'up'
  | 'down'
  | 'statementbegin'
  | 'statementend'
  | 'no transaction'
  | 'envsub on'
  | 'envsub off';

const known: readonly string[] = [
  'up',
  'down',
  'statementbegin',
  'statementend',
  'no transaction',
  'envsub on',
  'envsub off',
] satisfies readonly Annotation[];

/** Null: a comment like any other. */
function annotationOf(line: string): { readonly command: string; readonly indented: boolean } | null {
  const [, blanks = '', command] = /^(\s*)--.*?\+goose(.*)\s*$/i.exec(line) ?? [];
  return command === undefined ? null : { command: command.trim(), indented: blanks !== '' };
}

export function isAnnotation(line: string, wanted: Annotation): boolean {
  return annotationOf(line)?.command.toLowerCase() === wanted;
}

/** The last word before a comment ends with a semicolon. */
function endsWithSemicolon(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const comment = words.findIndex((word) => word.startsWith('--'));
  return (comment < 0 ? words : words.slice(0, comment)).at(-1)?.endsWith(';') === true;
}

/** Sees each line of one file; made anew for every file. */
export class GooseParser {
  readonly #path: string;
  readonly problems: Problem[] = [];
  /** Statements between StatementBegin and StatementEnd that end without a semicolon. */
  unterminated = 0;
  substitutes = false;
  transaction = true;
  #section: 'none' | 'up' | 'down' = 'none';
  #statementFrom: number | null = null;
  /** First line of what no semicolon has ended yet. */
  #unfinished: number | null = null;
  #endsStatement = true;
  #line = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Of a comment line. */
  mark = (line: string, number: number): Mark | null => {
    this.#line = number;
    const annotation = annotationOf(line);
    if (annotation === null) return null;
    const command = annotation.command.toLowerCase();
    if (annotation.indented)
      this.#refuse(`begins with blanks before “${printable(line.trim())}”, which goose refuses`, 'Remove them.');
    else if (!known.includes(command))
      this.#refuse(
        `has the annotation “${printable(annotation.command)}”, which goose does not know`,
        'Known are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB ON and ENVSUB OFF.',
      );
    else return this.#take(command as Annotation);
    return null;
  };

  code = (line: string, number: number): void => {
    this.#line = number;
    if (this.#section === 'none') {
      if (this.problems.length === 0)
        this.#refuse('has statements before “-- +goose Up”', 'Move them behind that line.');
      return;
    }
    this.#endsStatement = endsWithSemicolon(line);
    if (this.#statementFrom !== null) return;
    if (this.#endsStatement) this.#unfinished = null;
    else this.#unfinished ??= number;
  };

  finish(): void {
    if (this.#section === 'none' && this.problems.length === 0)
      this.#refuse('has no “-- +goose Up”', 'Put that line, from its first column, before the statements.', 1);
    if (this.#statementFrom !== null)
      this.#refuse('has a “-- +goose StatementBegin” without its StatementEnd', 'Add it after the statement.');
    this.#requireFinished();
  }

  #take(command: Annotation): Mark {
    switch (command) {
      case 'up':
        if (this.#section !== 'none')
          this.#refuse('has a second “-- +goose Up”', 'Put each pair into a file of its own.');
        this.#section = 'up';
        return { opens: 'up' };
      case 'down':
        if (this.#section !== 'up' || this.#statementFrom !== null)
          this.#refuse('has “-- +goose Down” where it may not stand', 'It comes once, after the statements of Up.');
        this.#requireFinished();
        this.#section = 'down';
        return { opens: 'down' };
      case 'statementbegin':
        if (this.#section === 'none' || this.#statementFrom !== null)
          this.#refuse(
            'has a “-- +goose StatementBegin” where it may not stand',
            'It comes after Up or Down, and ends before the next.',
          );
        this.#requireFinished();
        this.#statementFrom = this.#line;
        this.#endsStatement = true;
        break;
      case 'statementend':
        if (this.#statementFrom === null)
          this.#refuse(
            'has a “-- +goose StatementEnd” without its beginning',
            'Add StatementBegin before the statement.',
          );
        if (!this.#endsStatement) this.unterminated++;
        this.#statementFrom = null;
        this.#unfinished = null;
        break;
      case 'no transaction':
        this.transaction = false;
        break;
      case 'envsub on':
        this.substitutes = true;
        break;
      case 'envsub off':
        break;
    }
    return { directive: command };
  }

  #requireFinished(): void {
    if (this.#unfinished === null) return;
    const hint = 'End the statement’s last line with a semicolon, or put StatementBegin and StatementEnd around it.';
    this.#refuse('has a statement that no semicolon at the end of a line ends', hint, this.#unfinished);
    this.#unfinished = null;
  }

  #refuse(what: string, hint: string, line: number | null = null): void {
    const place = { path: this.#path, ...(line === null && this.#line === 0 ? {} : { line: line ?? this.#line }) };
    this.problems.push(sourceProblem('source.invalidSections', `${printable(this.#path)} ${what}.`, hint, place));
  }
}
