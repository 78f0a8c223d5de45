// Why the dump program failed, from its own words.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';
import type { Ended } from '../process/program.ts';

export function explainFailure(ended: Ended, name: string, connection: NetworkConnection): Problem {
  const said = ended.errorLines.slice(-10).join('\n');
  const problem = (code: Problem['code'], message: string, hint: string): Problem => ({
    code,
    message,
    state: `${nothingChanged} No file was left behind.`,
    hint,
    ...(said === '' ? {} : { serverMessage: said }),
  });
  if (/Access denied|command denied|insuffici?ent privileges|\((?:1044|1142|1227)\)/.test(said)) {
    return problem(
      'backup.rights',
      `The account ${connection.user} may not read everything in ${connection.database}.`,
      'Ask an administrator to grant it what is named, then take the backup again.',
    );
  }
  if (/\b1412\b|Table definition has changed/.test(said)) {
    return problem(
      'backup.programFailed',
      'Somebody changed a table while it was being dumped.',
      'Make sure that nobody changes the schema meanwhile, then take the backup again.',
    );
  }
  return problem(
    'backup.programFailed',
    `${name} failed (${ended.how}).`,
    `Remove the cause that ${name} names, then take the backup again.`,
  );
}
