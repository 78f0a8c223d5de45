// What programs write to their error output, made fit to be shown.

const LONGEST_LINE = 2_000;
const KEPT_LINES = 40;

/** Removes control characters and the password; cuts what is too long. */
function clean(text: string, password: string | null): string {
  const hidden = password === null || password === '' ? text : text.replaceAll(password, '•••');
  return hidden.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ').slice(0, LONGEST_LINE);
}

/** Splits error output into lines, keeps the last ones, and tells each to `onLine`. */
export class ErrorOutput {
  readonly #password: string | null;
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  #rest = '';

  constructor(password: string | null, onLine: (line: string) => void) {
    this.#password = password;
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    // A line without an end may not fill the memory.
    this.#rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) this.#take(line);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }

  /** The last lines. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  #take(raw: string): void {
    const line = clean(raw, this.#password).trimEnd();
    if (line === '') return;
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#onLine(line);
  }
}
