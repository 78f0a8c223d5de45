/** `approve`: a second person reads a plan file, and signs exactly that plan. */
import { readFile, writeFile } from 'node:fs/promises';
import type { PlanFileStep, PlanFileView } from '../../../shared/model/approval.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { approvePlan, showPlanFile } from '../../services/approvePlan.ts';
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
    .argument('<planfile>')
    .description('read a plan file and sign exactly this plan, for somebody else to run')
    .option('--show', 'only show it, and who has approved it')
    .option('--note <text>', 'signed with it')
    .option('--out <file>', 'write the approved plan there (default: into the file itself)');
  bind(command, async (invocation) => {
    const options = command.opts<ApproveOptions>();
    const path = command.args[0] ?? '';
    const { context } = await invocation.backend();
    const { terminal } = invocation;
    const text = await readPlanText(path);
    const view = await showPlanFile(context, text, path);
    if (options.show === true) {
      if (terminal.machine) terminal.document(view);
      else printOffer(view, terminal);
      return exitCodes.done;
    }
    if (!terminal.machine) printOffer(view, terminal);
    await requireWord(invocation, view);
    const approved = await approvePlan(context, text, path, options.note ?? null);
    await writeFile(options.out ?? path, approved.text, { mode: 0o600 });
    if (terminal.machine) terminal.document({ file: options.out ?? path, approval: approved.approval });
    else terminal.print(plain(`\n✓ Approved, in ${options.out ?? path}. Carry it back, and run: up --plan FILE`));
    return exitCodes.done;
  });
};

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

/** Its name, typed, as before a run: nobody approves in passing. */
async function requireWord({ options, terminal }: Invocation, { environment }: PlanFileView): Promise<void> {
  const said =
    options.confirm ?? (terminal.interactive ? await terminal.ask(`Type ${plain(environment)} to approve: `) : null);
  if (said !== environment)
    raise({
      code: 'gate.confirmation',
      message: `The approval must be confirmed with the environment’s name, ${environment}.`,
      hint: `Read the plan first (--show), then: --confirm "${environment}"`,
    });
}

function printOffer(view: PlanFileView, terminal: Terminal): void {
  const { request, steps } = view;
  const what = request.direction === 'up' ? 'Migrate' : 'Roll back';
  terminal.print(plain(`${what} ${steps.length} on ${view.environment} (${view.engine}, ${view.database})`));
  terminal.print(plain(`planned by ${view.createdBy} at ${view.createdAt}; plan ${view.fingerprint.slice(0, 16)}`));
  for (const step of steps) printStep(step, terminal);
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
