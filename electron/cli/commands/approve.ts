/** `approve`: a second person reads plan files, and signs exactly those plans. */
import { readFile, writeFile } from 'node:fs/promises';
import type { PlanFileStep, PlanFileView } from '../../../shared/model/approval.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { approvePlan, showPlanFile } from '../../services/approvePlan.ts';
import type { Context } from '../../services/context.ts';
import type { Define, Invocation } from '../invocation.ts';
import { plain, plainLines, type Terminal } from '../terminal.ts';

interface ApproveOptions {
  readonly out?: string;
  readonly note?: string;
  readonly show?: boolean;
}

export const approveCommand: Define = (program, bind) => {
  const command = program
    .command('approve')
    .argument('<planfiles...>')
    .description('read plan files and sign exactly these plans, for somebody else to run')
    .option('--show', 'only show it, and who has approved it')
    .option('--note <text>', 'signed with it')
    .option('--out <file>', 'write the approved plan there (default: into the file itself)');
  bind(command, async (invocation) => {
    const options = command.opts<ApproveOptions>();
    const { context } = await invocation.backend();
    const { terminal } = invocation;
    const offers = await readOffers(context, command.args, options);
    if (!terminal.machine) printOffers(offers, terminal);
    if (options.show === true) {
      const views = offers.map(({ view }) => view);
      if (terminal.machine) terminal.document(views.length === 1 ? (views[0] ?? {}) : { plans: views });
      return exitCodes.done;
    }
    await requireWord(invocation, offers);
    const approved = [];
    for (const { path, text } of offers) {
      const signed = await approvePlan(context, text, path, options.note ?? null);
      const file = options.out ?? path;
      await writeFile(file, signed.text, { mode: 0o600 });
      approved.push({ file, approval: signed.approval });
    }
    if (terminal.machine) terminal.document(approved.length === 1 ? (approved[0] ?? {}) : { approved });
    else for (const { file } of approved) terminal.print(plain(`✓ Approved, in ${file}.`));
    terminal.note('Carry it back, and run: up --plan FILE, or of a fleet: fleet up --approvals FILE…');
    return exitCodes.done;
  });
};

interface Offer {
  readonly path: string;
  readonly text: string;
  readonly view: PlanFileView;
}

/** @throws {ProblemError} `usage.invalid` */
async function readOffers(context: Context, paths: readonly string[], { out }: ApproveOptions): Promise<Offer[]> {
  if (paths.length > 1 && out !== undefined)
    raise({
      code: 'usage.invalid',
      message: 'Several plans cannot go into one file.',
      hint: 'Leave out --out: each approval goes into its own file.',
    });
  const offers = [];
  for (const path of paths) {
    const text = await readPlanText(path);
    offers.push({ path, text, view: await showPlanFile(context, text, path) });
  }
  return offers;
}

/** @throws {ProblemError} `usage.invalid` */
export const readPlanText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((thrown: unknown) =>
    raise(
      {
        code: 'usage.invalid',
        message: `The plan file ${path} cannot be read.`,
        hint: 'Check the path.',
        serverMessage: String(thrown),
      },
      thrown,
    ),
  );

/** Its name, typed, as before a run: nobody approves in passing. Of several their number. */
async function requireWord({ options, terminal }: Invocation, offers: readonly Offer[]): Promise<void> {
  const [first] = offers;
  const word = offers.length === 1 && first !== undefined ? first.view.environment : `${offers.length} plans`;
  const said =
    options.confirm ?? (terminal.interactive ? await terminal.ask(`Type ${plain(word)} to approve: `) : null);
  if (said !== word)
    raise({
      code: 'gate.confirmation',
      message: `The approval must be confirmed with ${offers.length === 1 ? `the environment’s name, ${word}` : `“${word}”`}.`,
      hint: `Read the plan first (--show), then: --confirm "${word}"`,
    });
}

/** What is done alike in many databases is shown once, after all of them. */
function printOffers(offers: readonly Offer[], terminal: Terminal): void {
  const alike = Map.groupBy(
    offers.map(({ view }) => view),
    ({ engine, request, steps }) => JSON.stringify([engine, request, steps]),
  );
  for (const views of alike.values()) {
    for (const view of views) printHead(view, terminal);
    for (const step of views[0]?.steps ?? []) printStep(step, terminal);
    terminal.print('');
  }
}

function printHead(view: PlanFileView, terminal: Terminal): void {
  const { request, steps } = view;
  const what = request.direction === 'up' ? 'Migrate' : 'Roll back';
  terminal.print(plain(`${what} ${steps.length} on ${view.environment} (${view.engine}, ${view.database})`));
  terminal.print(plain(`planned by ${view.createdBy} at ${view.createdAt}; plan ${view.fingerprint.slice(0, 16)}`));
  for (const { by, at, trustedAs, valid, own } of view.approvals)
    terminal.print(
      plain(
        `approved by ${by} at ${at}: ${valid ? (trustedAs ?? (own ? 'your own key' : 'a key that is not trusted here')) : 'the signature does not fit'}`,
      ),
    );
}

function printStep(
  { version, name, action, description, hazards, script, sha256, path }: PlanFileStep,
  terminal: Terminal,
) {
  const verb = action === 'apply' ? 'apply' : 'roll back';
  terminal.print(`\n${terminal.style('bold', plain(`${verb} ${version} ${description ?? name}`))}`);
  for (const { code, line, message } of hazards)
    terminal.print(plain(`  ${code}${line === null ? '' : `:${line}`} ${message}`));
  terminal.print(
    script === null ? plain(`  ${path} is not shown; its SHA-256 is ${sha256}`) : plainLines(script.trimEnd()),
  );
}
