/** `hook`: commands and webhooks before and after runs. */
import { InvalidArgumentError } from 'commander';
import { type Hook, usualHookActions } from '../../../shared/model/hook.ts';
import { type RunAction, runActions } from '../../../shared/model/run.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { listHooks, setHookSecret, testHook, withHook, withoutHook } from '../../services/hooks/hooks.ts';
import { saveSettings } from '../../services/settings.ts';
import { type Column, formatDuration, formatTable } from '../format.ts';
import { count, type Define, readStandardInput } from '../invocation.ts';
import { plain, plainLines } from '../terminal.ts';

interface AddOptions {
  readonly before?: boolean;
  readonly after?: boolean;
  readonly webhook?: string;
  readonly secretStdin?: boolean;
  readonly folder?: string;
  readonly actions: readonly RunAction[];
  readonly timeout: number;
}

const columns: readonly Column<Hook>[] = [
  { title: 'Name', value: (row) => row.name },
  { title: 'When', value: (row) => row.moment },
  { title: 'Of', value: (row) => row.actions.join(', ') },
  { title: 'What', value: (row) => (row.kind === 'command' ? row.command.join(' ') : row.url) },
  { title: 'Limit', align: 'right', value: (row) => `${row.timeoutSeconds} s` },
];

export const hookCommand: Define = (program, bind) => {
  const hook = program
    .command('hook')
    .description('commands and webhooks before and after runs; --env: of one environment');
  const list = hook.command('list').description('those of the workspace, or that hold for an environment');
  bind(list, async ({ backend, options, terminal }) => {
    const hooks = listHooks((await backend()).context, options.env ?? null);
    if (terminal.machine) terminal.document({ hooks });
    else terminal.print(hooks.length === 0 ? 'There is no hook.' : formatTable(columns, hooks, terminal));
    return exitCodes.done;
  });

  const add = hook
    .command('add')
    .argument('<name>')
    .argument('[command...]', 'after “--”: the full path of a program, and its arguments; no shell')
    .description('a failure before a run refuses it; one after it is told')
    .option('--before', 'before the run')
    .option('--after', 'after it, however it ended')
    .option('--webhook <url>', 'instead of a command: POST to this address')
    .option('--secret-stdin', 'sign the webhook with the secret from standard input, which the keychain keeps')
    .option('--folder <path>', 'where the command works (default: the system’s folder for temporary files)')
    .option('--actions <names>', `of runs (default: ${usualHookActions.join(',')})`, actions, usualHookActions)
    .option('--timeout <seconds>', 'ended after so long (default: 60)', count, 60);
  bind(add, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const [name = '', ...command] = add.args;
    const wanted = add.opts<AddOptions>();
    const layer = withHook(context, options.env ?? null, hookOf(name, command, wanted));
    await saveSettings(context, { layer });
    if (wanted.secretStdin === true) await setHookSecret(context, name, await readStandardInput());
    if (terminal.machine) terminal.document({ hooks: layer.values.hooks ?? [] });
    else terminal.print(`✓ Hook ${plain(name)} is set. Try it: lockkeeper hook test "${plain(name)}"`);
    return exitCodes.done;
  });

  const remove = hook.command('remove').argument('<name>').description('where it is set');
  bind(remove, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const layer = withoutHook(context, options.env ?? null, remove.args[0] ?? '');
    await saveSettings(context, { layer });
    if (terminal.machine) terminal.document({ hooks: layer.values.hooks ?? [] });
    else terminal.print(`✓ Hook ${plain(remove.args[0] ?? '')} was removed.`);
    return exitCodes.done;
  });

  const test = hook.command('test').argument('<name>').description('runs or tells it with a sample that says so');
  bind(test, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const told = await testHook(context, options.env ?? null, test.args[0] ?? '', new AbortController().signal);
    if (terminal.machine) terminal.document(told);
    else terminal.print(`✓ Done in ${formatDuration(told.durationMs)}.\n${plainLines(told.output.trimEnd())}`);
    return exitCodes.done;
  });
};

function hookOf(name: string, command: readonly string[], options: AddOptions): Hook {
  if ((options.before === true) === (options.after === true))
    raise({ code: 'usage.invalid', message: 'When?', hint: 'Give either --before or --after.' });
  const { webhook, folder } = options;
  if ((webhook === undefined) === (command.length === 0))
    raise({ code: 'usage.invalid', message: 'What?', hint: 'Give either a command after “--”, or --webhook URL.' });
  if (webhook !== undefined && folder !== undefined)
    raise({ code: 'usage.invalid', message: 'A webhook has no folder.', hint: 'Leave out --folder.' });
  const about = {
    name,
    moment: options.before === true ? ('before' as const) : ('after' as const),
    actions: options.actions,
    timeoutSeconds: options.timeout,
  };
  return webhook === undefined
    ? { ...about, kind: 'command', command, ...(folder === undefined ? {} : { folder }) }
    : { ...about, kind: 'webhook', url: webhook, signed: options.secretStdin === true };
}

function actions(text: string): readonly RunAction[] {
  return text.split(',').map((word) => {
    const found = runActions.find((one) => one === word.trim());
    if (found === undefined) throw new InvalidArgumentError(`Name some of: ${runActions.join(', ')}.`);
    return found;
  });
}
