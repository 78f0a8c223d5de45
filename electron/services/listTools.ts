import type { ToolsReport } from '../../shared/model/status.ts';
import { flawWarning, knownFlaws } from '../backups/flaws.ts';
import { listDumpPrograms } from '../backups/programs.ts';
import { drivers } from '../databases/registry.ts';
import { tools } from '../tools/registry.ts';

export async function listTools(): Promise<ToolsReport> {
  return {
    tools: tools.map(({ id, title, engines }) => ({ id, title, engines })),
    engines: drivers.map(({ id, title }) => ({ id, title })),
    dumpPrograms: (await listDumpPrograms()).map((program) => ({
      ...program,
      flaws: knownFlaws(program),
      advice: flawWarning(program),
    })),
  };
}
