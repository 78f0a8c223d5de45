import type { ToolsReport } from '../../shared/model/status.ts';
import { flawWarning, knownFlaws } from '../backups/flaws.ts';
import { listDumpPrograms } from '../backups/programs.ts';
import { drivers } from '../databases/registry.ts';
import { tools } from '../tools/registry.ts';

export async function listTools(): Promise<ToolsReport> {
  return {
    tools: tools.map(({ id, title, engines }) => ({ id, title, engines })),
    engines: drivers.map(({ id, title }) => ({ id, title })),
    products: drivers.flatMap(({ id, products }) =>
      products.map(({ title, wasRun, capabilities }) => ({
        engine: id,
        title,
        wasRun,
        lock: capabilities.runnerLock,
        transactionalDdl: capabilities.transactionalDdl,
        backups: capabilities.dumps,
      })),
    ),
    dumpPrograms: (await listDumpPrograms()).map((program) => ({
      ...program,
      flaws: knownFlaws(program),
      advice: flawWarning(program),
    })),
  };
}
