import type { Target } from '../../../shared/model/plan.ts';
import { SaveButton } from '../../components/SaveButton.tsx';
import { backend } from '../../connection.ts';
import { saveText } from '../../saveText.ts';

interface SavePlanFileProps {
  readonly id: string;
  readonly target: Target;
  readonly label: string;
}

/** The plan as a file that a second person reads and approves elsewhere. */
export function SavePlanFile({ id, target, label }: SavePlanFileProps) {
  const save = async () => {
    const { name, text } = await backend().migrations.planFile({ environmentId: id, target });
    saveText(name, text, 'application/json');
  };
  return <SaveButton label={label} save={save} />;
}
