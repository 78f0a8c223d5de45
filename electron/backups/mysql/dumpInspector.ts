// Reads a dump as it flows by: counts its objects, follows the table under way, and looks for the end marker.
import type { ObjectCounts, ObjectKind } from '../../../shared/model/backup.ts';

/** Enough of a line to tell what it is. */
const HEAD_BYTES = 400;
const NEWLINE = 10;
/** First bytes of the lines that matter: `CREATE`, `DELIMITER`, comments of both kinds. Rows begin with `(` or `INSERT`. */
const interesting = new Set(['C', 'D', '-', '/'].map((letter) => letter.charCodeAt(0)));

/**
 * Where lines begin is reliable: mysqldump and mariadb-dump escape line breaks in values and comments, and write
 * binary columns in hexadecimal (--hex-blob). Only bodies of triggers, events and routines keep their line breaks; they
 * stand between `DELIMITER ;;` and `DELIMITER ;`, where nothing but the first line of each statement counts.
 */
export class DumpInspector {
  readonly #counts: Partial<Record<ObjectKind, number>> = {
    table: 0,
    view: 0,
    sequence: 0,
    trigger: 0,
    event: 0,
    routine: 0,
  };
  readonly #definers = new Set<string>();
  #table: string | null = null;
  /** The last line that was not empty is the end marker. */
  #completed = false;
  #inBodies = false;
  #statementStarts = false;
  /** Beginning and last two bytes of a line whose end has not come yet. */
  #head = Buffer.alloc(0);
  #tail = '';

  /** Objects seen so far. */
  get objects(): ObjectCounts {
    return this.#counts;
  }

  /** Accounts (`user@host`) whose rights the objects seen so far run with. */
  get definers(): string[] {
    return [...this.#definers].sort();
  }

  /** The table whose rows are under way. */
  get table(): string | null {
    return this.#table;
  }

  add(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      this.#lineEnds(piece, start, end);
      start = end + 1;
    }
    this.#keep(piece, start, piece.length);
  }

  /** After the last piece. True: the dump ends with its end marker. */
  end(): boolean {
    if (this.#head.length > 0) this.#line(this.#head.toString('utf8'), this.#tail);
    return this.#completed;
  }

  #lineEnds(piece: Buffer, start: number, end: number): void {
    if (this.#head.length > 0) {
      this.#keep(piece, start, end);
      this.#line(this.#head.toString('utf8'), this.#tail);
      this.#head = Buffer.alloc(0);
      this.#tail = '';
    } else if (end > start) {
      if (this.#inBodies || interesting.has(piece[start] ?? 0)) {
        this.#line(
          piece.toString('utf8', start, Math.min(end, start + HEAD_BYTES)),
          piece.toString('latin1', Math.max(start, end - 2), end),
        );
      } else this.#completed = false;
    }
  }

  #keep(piece: Buffer, start: number, end: number): void {
    if (end <= start) return;
    const room = HEAD_BYTES - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, piece.subarray(start, Math.min(end, start + room))]);
    this.#tail = (this.#tail + piece.toString('latin1', Math.max(start, end - 2), end)).slice(-2);
  }

  #line(head: string, tail: string): void {
    this.#completed = !this.#inBodies && head.startsWith('-- Dump completed');
    if (head === 'DELIMITER ;;' || head === 'DELIMITER ;') {
      this.#inBodies = head.endsWith(';;');
      this.#statementStarts = true;
    } else if (this.#inBodies) {
      if (this.#statementStarts) this.#begins(bodyKind(head), head);
      this.#statementStarts = tail === ';;';
    } else {
      this.#count(outerKind(head));
      if (head.startsWith('/*!50013 DEFINER=')) this.#defined(head);
      this.#table = /^-- Dumping data for table `(?<table>.+)`$/.exec(head)?.groups?.['table'] ?? this.#table;
    }
  }

  #begins(kind: ObjectKind | null, head: string): void {
    this.#count(kind);
    if (kind !== null) this.#defined(head);
  }

  #defined(head: string): void {
    const found = /DEFINER=`(?<user>(?:[^`]|``)*)`@`(?<host>(?:[^`]|``)*)`/.exec(head)?.groups;
    if (found !== undefined) this.#definers.add(`${found['user']}@${found['host']}`.replaceAll('``', '`'));
  }

  #count(kind: ObjectKind | null): void {
    if (kind !== null) this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }
}

function outerKind(line: string): ObjectKind | null {
  if (line.startsWith('CREATE TABLE ')) return 'table';
  if (line.startsWith('CREATE SEQUENCE ')) return 'sequence';
  // Its definition; the placeholder that stands for it until all tables exist begins with `/*!50001 CREATE`.
  return line.startsWith('/*!50001 VIEW ') ? 'view' : null;
}

function bodyKind(line: string): ObjectKind | null {
  if (line.startsWith('/*!50003 CREATE*/')) return 'trigger';
  if (line.startsWith('/*!50106 CREATE*/')) return 'event';
  return line.startsWith('CREATE ') ? 'routine' : null;
}
