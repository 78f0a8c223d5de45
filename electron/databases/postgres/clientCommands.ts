import type { ScriptContext } from '../splitting/dialect.ts';
import { unclosed } from '../splitting/lexicon.ts';

/** What to do instead of a psql command, by the beginning of its name. */
const remedies: readonly (readonly [commands: RegExp, remedy: string])[] = [
  [/^(un)?restrict$/, 'Delete this line: pg_dump wrote it to protect psql, and nothing else needs it.'],
  [
    /^(c|connect)$/,
    'Delete this line: the environment decides the database and the user; give each database its own script.',
  ],
  [/^(i|ir|include|include_relative)$/, "Replace this line by the included file's statements."],
  [
    /^(g|gx|gdesc|gset|gexec|crosstabview|watch|bind|parse|sendpipeline)/,
    'End the statement with ; and write out what psql would have made of its result.',
  ],
  [
    /^(set|unset|prompt|getenv|setenv|if|elif|else|endif)$/,
    "Write the values into the script, or use the migration tool's placeholders.",
  ],
  [/^copy$/, 'Use COPY … FROM stdin; with the data on the following lines.'],
  [/^\.$/, 'Delete this line: no data of a COPY … FROM stdin; ends here.'],
  [/^(!|cd|o|out|w|write|s|e|edit)$/, 'Delete this line, and do outside the migration what it did on your computer.'],
  [/^(;)$/, 'End the statement with a plain ;.'],
];

/** A backslash is no SQL outside quotes: refuses the psql command that it begins. */
export function refuseClientCommand(script: ScriptContext, text: string, at: number, final: boolean): typeof unclosed {
  const name = /\\(?:[A-Za-z_]+|[^\s])?/y;
  name.lastIndex = at;
  const command = name.exec(text)?.[0] ?? '\\';
  if (!final && at + command.length === text.length) return unclosed;
  const remedy = remedies.find(([commands]) => commands.test(command.slice(1)))?.[1];
  return script.refuse(at, {
    code: 'script.clientCommand',
    message: `${command} is a command of psql, not SQL that the server understands.`,
    hint: remedy ?? 'Delete this line: it concerns psql only.',
  });
}
