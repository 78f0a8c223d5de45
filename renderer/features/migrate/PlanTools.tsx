/** Changing how far a plan goes, and handing it over as SQL. */
import { NativeSelect } from '@mantine/core';
import type { Target } from '../../../shared/model/plan.ts';
import { SaveButton } from '../../components/SaveButton.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { saveText } from '../../saveText.ts';
import { replaceRoute } from '../../useRoute.ts';
import { SavePlanFile } from '../approval/SavePlanFile.tsx';
import { approvalTexts } from '../approval/texts.ts';
import { migrateTexts as texts } from './texts.ts';

export function PlanTools({ id, target }: { id: string; target: Target }) {
  const all = { direction: 'up', ...(target.bundle === undefined ? {} : { bundle: target.bundle }) } as const;
  const whole = useResource(target.direction === 'up' ? readings.plan(id, all) : null).data;
  const save = async () => {
    const { sql } = await backend().migrations.planSql({ environmentId: id, target });
    saveText(`plan-${target.direction}.sql`, sql, 'application/sql');
  };
  const steps = whole?.steps ?? [];
  return (
    <>
      {target.direction === 'up' && steps.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={texts.migrateUpTo}
          value={target.to ?? ''}
          onChange={(event) => {
            const to = event.currentTarget.value;
            replaceRoute({ screen: 'migrate', id, target: to === '' ? all : { ...all, to } });
          }}
          data={[
            { value: '', label: texts.allPending(steps.length) },
            ...steps.map((step, index) => ({ value: step.version, label: texts.upTo(step.version, index + 1) })),
          ]}
        />
      )}
      <SaveButton label={texts.saveAsSql} save={save} />
      <SavePlanFile id={id} target={target} label={approvalTexts.saveFile} />
    </>
  );
}
