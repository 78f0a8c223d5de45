/** Standard output for the result, standard error for everything else; nothing a server said reaches a terminal raw. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** One JSON document or JSON lines are expected. */
  readonly machine: boolean;
  readonly verbose: boolean;
  /** A person can be asked. */
  readonly interactive: boolean;
  /** The result, for a person. */
  print(text: string): void;
  /** The result, for a script. */
  document(value: unknown): void;
  /** Goes to standard error unless quiet. */
  note(text: string): void;
  problem(text: string): void;
  /** Replaces the progress line; an empty text clears it. Does nothing where nobody would see it. */
  progress(text: string): void;
  style(style: Style, text: string): string;
  ask(question: string): Promise<string>;
  askHidden(question: string): Promise<string>;
}

export interface TerminalOptions {
  readonly json?: boolean;
  readonly events?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly nonInteractive?: boolean;
}

export function createTerminal(options: TerminalOptions): Terminal {
  const machine = options.json === true || options.events === true;
  const quiet = options.quiet === true;
  const colour =
    options.color !== false && process.env['NO_COLOR'] === undefined && process.stdout.isTTY === true && !machine;
  const progressVisible = process.stderr.isTTY === true && !quiet;
  let progressShown = false;

  function clearProgress(): void {
    if (progressShown) process.stderr.write('\r\u001b[2K');
    progressShown = false;
  }

  function note(text: string): void {
    clearProgress();
    if (!quiet) process.stderr.write(`${text}\n`);
  }

  async function question(text: string, hidden: boolean): Promise<string> {
    clearProgress();
    let muted = false;
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (!muted) process.stderr.write(chunk);
        done();
      },
    });
    const reader = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
    const answer = reader.question(text);
    muted = hidden;
    try {
      return (await answer).trim();
    } finally {
      if (hidden) process.stderr.write('\n');
      reader.close();
    }
  }

  return {
    machine,
    verbose: options.verbose === true,
    interactive: options.nonInteractive !== true && process.stdin.isTTY === true && process.stderr.isTTY === true,
    print(text) {
      clearProgress();
      if (!machine) process.stdout.write(`${text}\n`);
    },
    document: (value) => void process.stdout.write(`${escaped(value)}\n`),
    note,
    problem(text) {
      clearProgress();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!progressVisible) return;
      clearProgress();
      if (text === '') return;
      const width = process.stderr.columns ?? 80;
      process.stderr.write(text.length >= width ? text.slice(0, width - 1) : text);
      progressShown = true;
    },
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    ask: (text) => question(text, false),
    askHidden: (text) => question(text, true),
  };
}

/** JSON that may be looked at in a terminal, too: it escapes C0 controls only. */
const escaped = (value: unknown): string =>
  JSON.stringify(value).replace(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Text from servers and files without anything a terminal would obey. Tabs and line breaks become spaces. */
export const plain = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replace(controls, '\u{FFFD}');

/** The same for text of several lines. */
export const plainLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(plain)
    .join('\n');

// C0 and C1 controls, and the marks that reorder text.
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
