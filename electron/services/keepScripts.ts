/** Keeps the texts of the scripts that a run applies, so that a file changed later can be compared with what was run. */
import type { Script } from '../../shared/model/migration.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { ScriptReader } from '../engine/ports.ts';
import type { KeptScript } from '../workspace/scriptTexts.ts';
import type { Context } from './context.ts';
import { logger } from './logger.ts';
import { withoutSecrets } from './redact.ts';

/** Bytes: longer scripts carry data, whose difference nobody reads. */
const mostOfOne = 256 * 1024;
const mostOfRun = 8 * 1024 * 1024;

/** Never fails: a run is worth more than the texts. */
export async function keepScripts(context: Context, plan: Plan, scripts: ScriptReader, runId: string): Promise<void> {
  try {
    const kept: KeptScript[] = [];
    let bytes = 0;
    for (const { action, script } of plan.steps) {
      bytes += action === 'apply' && script.bytes <= mostOfOne ? script.bytes : 0;
      if (action !== 'apply' || script.bytes > mostOfOne || bytes > mostOfRun) continue;
      const text = await textOf(script, scripts);
      // A copy that holds a password is worth less than the comparison.
      if (withoutSecrets(text) === text)
        kept.push({ sha256: script.sha256, path: script.path, line: script.line, text });
    }
    await context.workspace.scriptTexts.keep(runId, kept);
  } catch (thrown) {
    logger.error(`The scripts of run ${runId} could not be kept`, thrown);
  }
}

/** Many databases get the same scripts: their texts are read once. */
const texts = new WeakMap<Script, Promise<string>>();

function textOf(script: Script, scripts: ScriptReader): Promise<string> {
  const known = texts.get(script);
  if (known !== undefined) return known;
  const text = readScript(script, scripts);
  texts.set(script, text);
  return text;
}

/** @throws {ProblemError} as the reader does */
export const readScript = async (script: Script, scripts: ScriptReader): Promise<string> =>
  (await Array.fromAsync(scripts.read(script))).join('');
