/** What a person may accept for a copy that is made beside the real database. */
import { Checkbox } from '@mantine/core';
import { withAccepted } from '../gate/gate.ts';

interface CopyAcceptancesProps {
  readonly accepted: ReadonlySet<string>;
  readonly onChange: (accepted: ReadonlySet<string>) => void;
}

export function CopyAcceptances({ accepted, onChange }: CopyAcceptancesProps) {
  return (
    <div className="column">
      {acceptances.map(({ code, label, description }) => (
        <Checkbox
          key={code}
          size="xs"
          checked={accepted.has(code)}
          onChange={(event) => onChange(withAccepted(accepted, code, event.currentTarget.checked))}
          label={label}
          description={description}
        />
      ))}
    </div>
  );
}

/** By the problem that refuses a copy without them. */
const acceptances = [
  {
    problem: 'backup.notIsolated',
    code: 'sharedLogin',
    label: 'The copy may be used with the environment’s own account',
    description: 'Where no login can be made that reaches only the copy: what runs there could reach other databases.',
  },
  {
    problem: 'backup.serverBusy',
    code: 'busyServer',
    label: 'Also while the server has much to do',
    description: 'Restoring makes it slower for the others.',
  },
] as const;

export const acceptanceFor = (problem: string) => acceptances.find((one) => one.problem === problem) ?? null;
