/** What a person may accept for a copy that is made beside the real database. */
import { Checkbox } from '@mantine/core';
import { withAccepted } from '../gate/gate.ts';
import { rehearsalTexts as texts } from './texts.ts';

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
    label: texts.theCopyMayBeUsed,
    description: texts.whereNoLoginCanBe,
  },
  {
    problem: 'backup.serverBusy',
    code: 'busyServer',
    label: texts.alsoWhileTheServerHas,
    description: texts.restoringMakesItSlowerFor,
  },
] as const;

export const acceptanceFor = (problem: string) => acceptances.find((one) => one.problem === problem) ?? null;
