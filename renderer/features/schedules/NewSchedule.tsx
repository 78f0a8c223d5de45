/** What is begun, when, and what the gate is told then. */
import { NativeSelect, NumberInput, Radio, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import type { ScheduledWork, ScheduleTime } from '../../../shared/model/schedule.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { invalidateSchedules } from './SchedulePanel.tsx';
import { scheduleTexts as texts } from './texts.ts';

interface NewScheduleProps {
  readonly environments: readonly Environment[];
  readonly onClose: () => void;
}

type Work = keyof typeof texts.works;

const works: Readonly<Record<Work, ScheduledWork>> = {
  up: { kind: 'up', wanted: { direction: 'up' }, fingerprint: null, rehearse: false },
  rehearsedUp: { kind: 'up', wanted: { direction: 'up' }, fingerprint: null, rehearse: true },
  backup: { kind: 'backup', prove: false },
  provenBackup: { kind: 'backup', prove: true },
};

interface Draft {
  readonly environment: string;
  readonly work: Work;
  readonly repeated: boolean;
  readonly expression: string;
  readonly timeZone: string;
  readonly at: string;
  readonly late: string | number;
  readonly reason: string;
  readonly accept: string;
  readonly confirm: string;
}

const firstDraft = (environment: string): Draft => ({
  environment,
  work: 'up',
  repeated: true,
  expression: '30 2 * * sat',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  at: '',
  late: 0,
  reason: '',
  accept: '',
  confirm: '',
});

export function NewSchedule({ environments, onClose }: NewScheduleProps) {
  const [draft, setDraft] = useState(() => firstDraft(environments[0]?.id ?? ''));
  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const environment = environments.find(({ id }) => id === draft.environment);
  const saving = useAction(async () => {
    await backend().schedules.add(requestOf(draft, environment));
    invalidateSchedules();
    onClose();
  });
  const isComplete = draft.reason.trim() !== '' && (draft.repeated ? draft.expression !== '' : draft.at !== '');
  return (
    <DialogForm
      title={texts.newTitle}
      size="lg"
      action={saving}
      ready={isComplete}
      words={{ submit: texts.make, cancel: texts.cancel }}
      onClose={onClose}
    >
      <NativeSelect
        label={texts.environment}
        value={draft.environment}
        onChange={(event) => change({ environment: event.currentTarget.value, confirm: '' })}
        data={environments.map(({ id, name }) => ({ value: id, label: name }))}
        data-autofocus
      />
      {environment !== undefined && <EnvironmentName environment={environment} />}
      <NativeSelect
        label={texts.what}
        value={draft.work}
        onChange={(event) => change({ work: workOf(event.currentTarget.value) })}
        data={Object.entries(texts.works).map(([value, label]) => ({ value, label }))}
      />
      <TimeFields draft={draft} change={change} />
      <Textarea
        label={texts.reason}
        description={texts.reasonHelp}
        value={draft.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
        autosize
      />
      <TextInput
        label={texts.accepted}
        description={texts.acceptedHelp}
        value={draft.accept}
        onChange={(event) => change({ accept: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
      />
      {environment?.protection.typedName === true && (
        <TextInput
          label={texts.typeName(environment.name)}
          value={draft.confirm}
          onChange={(event) => change({ confirm: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
        />
      )}
    </DialogForm>
  );
}

const workOf = (value: string): Work => (Object.keys(works) as Work[]).find((one) => one === value) ?? 'up';

function TimeFields({ draft, change }: { draft: Draft; change: (changed: Partial<Draft>) => void }) {
  return (
    <>
      <Radio.Group
        label={texts.when}
        value={draft.repeated ? 'repeated' : 'once'}
        onChange={(value) => change({ repeated: value === 'repeated' })}
      >
        <div className="row wide" style={{ marginTop: 6 }}>
          <Radio value="repeated" label={texts.repeated} />
          <Radio value="once" label={texts.once} />
        </div>
      </Radio.Group>
      <div className="field-grid even">
        {draft.repeated ? (
          <>
            <TextInput
              label={texts.expression}
              description={texts.expressionHelp}
              value={draft.expression}
              onChange={(event) => change({ expression: event.currentTarget.value })}
              classNames={{ input: 'mono' }}
              spellCheck={false}
              autoComplete="off"
            />
            <TextInput
              label={texts.timeZone}
              description={texts.timeZoneHelp}
              value={draft.timeZone}
              onChange={(event) => change({ timeZone: event.currentTarget.value })}
              spellCheck={false}
              autoComplete="off"
            />
          </>
        ) : (
          <TextInput
            type="datetime-local"
            label={texts.at}
            value={draft.at}
            onChange={(event) => change({ at: event.currentTarget.value })}
          />
        )}
        <NumberInput
          label={texts.late}
          description={texts.lateHelp}
          value={draft.late}
          onChange={(late) => change({ late })}
          min={0}
          max={10_080}
          allowDecimal={false}
          hideControls
        />
      </div>
    </>
  );
}

const requestOf = (draft: Draft, environment: Environment | undefined) => ({
  environment: draft.environment,
  time: timeOf(draft),
  work: works[draft.work],
  lateMinutes: draft.late === '' ? 0 : Number(draft.late),
  answers: {
    confirm: environment?.protection.typedName === true ? draft.confirm : null,
    reason: draft.reason,
    accept: draft.accept.split(/[\s,]+/).filter((code) => code !== ''),
  },
});

/** A time without a zone is that of this computer. */
const timeOf = ({ repeated, expression, timeZone, at }: Draft): ScheduleTime =>
  repeated ? { kind: 'cron', expression, timeZone } : { kind: 'once', at: new Date(at).toISOString() };
