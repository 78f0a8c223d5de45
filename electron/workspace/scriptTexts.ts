/** The texts of scripts as runs sent them, `runs/<id>.scripts.jsonl`: so that a later change of a file can be shown. */
import { readFile, writeFile } from 'node:fs/promises';
import { runFile } from './runFiles.ts';

export interface KeptScript {
  /** Of the script, lower-case hex. */
  readonly sha256: string;
  readonly path: string;
  /** Of its first character in that file, 1-based; absent: kept by an earlier version. */
  readonly line?: number;
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
    const isIt = (script: KeptScript): boolean => script.sha256 === sha256;
    return (await this.#first(runId, sha256, isIt))?.text ?? null;
  }

  /** The one that holds this line of a file. Null as above, or it was kept by an earlier version. */
  async ofFile(runId: string, path: string, line: number): Promise<Required<KeptScript> | null> {
    const found = await this.#first(runId, JSON.stringify(path), (script) => {
      const first = script.line ?? Number.POSITIVE_INFINITY;
      return script.path === path && first <= line && line < first + script.text.split('\n').length;
    });
    return found?.line === undefined ? null : { ...found, line: found.line };
  }

  /** @param mark stands in its line: most are other scripts, and parsing them all would cost more than looking. */
  async #first(runId: string, mark: string, isIt: (script: KeptScript) => boolean): Promise<KeptScript | null> {
    const file = runFile(this.#directory, runId, 'scripts');
    if (file === null) return null;
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const script = line.includes(mark) ? parse(line) : null;
      if (script !== null && isIt(script)) return script;
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
