/** Which tool a folder belongs to, with the evidence; asks when two fit. */
import { resolve } from 'node:path';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { listFolder } from './common/folder.ts';
import { lookTogether } from './common/look.ts';
import { printable, sourceProblem } from './common/problems.ts';
import { otherTool } from './otherNames.ts';
import { toolFor, tools } from './registry.ts';
import type { Detection, Tool } from './tool.ts';

export interface Candidate extends Detection {
  readonly tool: string;
}

export interface DetectedSource {
  /** The likeliest first. */
  readonly candidates: readonly Candidate[];
  /** Why no tool can be taken without asking; empty when the first candidate can. */
  readonly problems: readonly Problem[];
}

/** Two candidates this close fit equally well. */
const closeness = 0.25;

/** Below it only names fit, as they may fit several tools: a wrong guess would begin a second history. */
const enoughToChoose = 0.5;

/** Where projects keep their migrations, relative to their root. */
const usualPlaces = [
  'migrations',
  'db/migrations',
  'database/migrations',
  'sql/migrations',
  'src/main/resources/db/migrations',
  'db/migrate',
  'backend/migrations',
  'prisma/migrations',
  'drizzle',
];

/**
 * `weigh`: what else is known of them, as of a database.
 * @throws {ProblemError} `source.unreadable`
 */
export async function detectSource(
  folder: string,
  weigh: (found: readonly Candidate[]) => Promise<readonly Candidate[]> = async (found) => found,
): Promise<DetectedSource> {
  const root = resolve(folder);
  const weighed = await weigh(await candidatesIn(root));
  const candidates = [...weighed].sort((a, b) => b.certainty - a.certainty);
  return { candidates, problems: await problemsOf(root, candidates) };
}

/**
 * The tool asked for, or else the one detected.
 * @throws {ProblemError} `source.unknownTool`, `source.ambiguousTool`, `source.empty` or `source.unreadable`
 */
export async function chooseTool(folder: string, asked: string | null): Promise<Tool> {
  if (asked !== null) return toolFor(asked);
  const { candidates, problems } = await detectSource(folder);
  const [problem] = problems;
  if (problem !== undefined) throw new ProblemError(problem);
  return toolFor(candidates[0]?.tool ?? '');
}

async function candidatesIn(root: string): Promise<Candidate[]> {
  const detections = await lookTogether(() => Promise.all(tools.map((tool) => tool.detect(root))));
  return tools
    .flatMap((tool, index) => {
      const detection = detections[index] ?? null;
      return detection === null ? [] : [{ tool: tool.id, ...detection }];
    })
    .sort((a, b) => b.certainty - a.certainty);
}

async function problemsOf(root: string, candidates: readonly Candidate[]): Promise<Problem[]> {
  const [first] = candidates;
  if (first === undefined) return [await nothingFound(root)];
  if (first.certainty < enoughToChoose) return [(await looksLikeAnother(root)) ?? namesOnly(root, first)];
  const fitting = candidates.filter(({ certainty }) => first.certainty - certainty < closeness);
  return fitting.length === 1 ? [] : [ambiguous(root, fitting)];
}

function ambiguous(root: string, fitting: readonly Candidate[]): Problem {
  const message = `${printable(root)} holds files of ${fitting.map(({ tool }) => tool).join(' and of ')}: ${fitting.map(({ tool, evidence }) => `${tool}: ${evidence.join(', ')}`).join('; ')}.`;
  const hint = `Name the tool with ${fitting.map(({ tool }) => `--tool ${tool}`).join(' or ')}.`;
  return sourceProblem('source.ambiguousTool', message, hint, { path: root });
}

function namesOnly(root: string, { tool, evidence }: Candidate): Problem {
  const message = `${printable(root)} may hold migrations of ${tool}, but nothing beside the names says so: ${evidence[0] ?? ''}.`;
  return sourceProblem('source.unknownTool', message, `Name the tool, with --tool ${tool} if it is the right one.`, {
    path: root,
  });
}

/** What no tool of ours claims for certain, but somebody else's would. */
async function looksLikeAnother(root: string): Promise<Problem | null> {
  const other = await otherTool(root, await listFolder(root));
  if (other === null) return null;
  const message = `No known tool's files are in ${printable(root)}; these look like ${other.title}.`;
  return sourceProblem('source.unknownTool', message, other.hint, { path: root });
}

const beginHere = 'Choose the folder that holds the migration files, or begin the first one with: lockkeeper new NAME';

async function nothingFound(root: string): Promise<Problem> {
  const { files, folders } = await listFolder(root);
  const place = await usualPlace(root);
  const hint =
    place === null
      ? 'Choose the folder that holds the migration files, or name the tool with --tool.'
      : `Choose ${printable(place)} in it.`;
  if (files.length + folders.length === 0)
    return sourceProblem('source.empty', `${printable(root)} is empty.`, beginHere, { path: root });
  const other = place === null ? await looksLikeAnother(root) : null;
  if (other !== null) return other;
  const seen = [...files, ...folders.map((name) => `${name}/`)].slice(0, 3).map(printable).join(', ');
  return sourceProblem('source.unknownTool', `No known tool's files are in ${printable(root)}; seen: ${seen}.`, hint, {
    path: root,
  });
}

/** The first usual place below `root` in which some tool's files are. */
async function usualPlace(root: string): Promise<string | null> {
  for (const place of usualPlaces) {
    try {
      if ((await candidatesIn(resolve(root, place))).length > 0) return place;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return null;
}
