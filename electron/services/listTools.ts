import type { DetectReport, ToolsReport } from '../../shared/model/status.ts';
import { listDumpPrograms } from '../backups/programs.ts';
import { drivers } from '../databases/registry.ts';
import { detectSource as detect } from '../tools/detect.ts';
import { toolFor, tools } from '../tools/registry.ts';

export async function listTools(): Promise<ToolsReport> {
  return {
    tools: tools.map(({ id, title, engines }) => ({ id, title, engines })),
    engines: drivers.map(({ id, title }) => ({ id, title })),
    dumpPrograms: await listDumpPrograms(),
  };
}

/** Which tools a folder could belong to, best first, with the evidence. */
export async function detectSource(folder: string): Promise<DetectReport> {
  const { candidates, problems } = await detect(folder);
  return {
    candidates: candidates.map((candidate) => ({ ...candidate, title: toolFor(candidate.tool).title })),
    problems,
  };
}
