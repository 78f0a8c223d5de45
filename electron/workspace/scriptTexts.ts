/** The texts of scripts as runs sent them, `runs/<id>.scripts.jsonl`: so that a later change of a file can be shown. */
import { readFile, writeFile } from 'node:fs/promises';
import { runFile } from './runFiles.ts';

export interface KeptScript {
  /** Of the script, lower-case hex. */
  readonly sha256: string;
  readonly path: string;
  readonly text: string;
}

export class ScriptTexts {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Writes all scripts of a run at once. */
  async keep(runId: string, scripts: readonly KeptScript[]): Promise<void> {
    const file = runFile(this.#directory, runId, 'scripts');
    if (file === null || scripts.length === 0) return;
    const lines = scripts.map((script) => `${JSON.stringify(script)}\n`);
    await writeFile(file, lines.join(''), { mode: 0o600, flag: 'wx' });
  }

  /** Null: this computer did not run it, or it was too long to keep. */
  async find(runId: string, sha256: string): Promise<string | null> {
    const file = runFile(this.#directory, runId, 'scripts');
    if (file === null) return null;
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      // Most lines are other scripts: parsing them all would cost more than looking.
      if (!line.includes(sha256)) continue;
      const script = parse(line);
      if (script?.sha256 === sha256) return script.text;
    }
    return null;
  }
}

/** The last line may be torn: its writer died. */
function parse(line: string): KeptScript | null {
  try {
    return JSON.parse(line) as KeptScript;
  } catch {
    return null;
  }
}
