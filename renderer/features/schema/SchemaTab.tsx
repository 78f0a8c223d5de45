/** Whether the schema is the one that the last run left, and how it differs from another environment's. */
import { Button, Select, Skeleton, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { DriftReport, WrittenDifference } from '../../../shared/model/snapshot.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { ChangeList } from './ChangeList.tsx';
import { schemaTexts as texts } from './texts.ts';
import './schema.css';
import { filled } from '../../components/filled.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';

export default function SchemaTab({ summary }: { summary: EnvironmentSummary }) {
  const { environment } = summary;
  const drift = useResource(readings.drift(environment.id));
  return (
    <div className="column wide">
      <section className="column" aria-label={texts.drift}>
        <div className="row">
          <h2>{texts.drift}</h2>
          <Button
            size="xs"
            variant="default"
            className="push"
            loading={drift.loading}
            onClick={() => void refresh(readings.drift(environment.id))}
          >
            {texts.compareNow}
          </Button>
        </div>
        {drift.problem !== null && <ProblemNotice problem={drift.problem} />}
        {drift.data === null && drift.problem === null && <Skeleton height={80} />}
        {drift.data !== null && <Drift summary={summary} report={drift.data} />}
      </section>
      <Compare summary={summary} />
    </div>
  );
}

function Drift({ summary, report }: { summary: EnvironmentSummary; report: DriftReport }) {
  const { recorded, changes, ignored } = report;
  if (recorded === null)
    return (
      <section className="panel">
        <EmptyState glyph="○" title={texts.noSchemaIsRecordedYet}>
          {texts.itIsRecordedAfterEach}
        </EmptyState>
      </section>
    );
  const since = (
    <>
      <Moment at={recorded.takenAt} />
      {recorded.version !== null && (
        <> {filled(texts.at, { version: <span className="mono">{recorded.version}</span> })}</>
      )}
    </>
  );
  if (changes.length === 0)
    return (
      <section className="panel">
        <EmptyState glyph="✓" title={texts.theSchemaIsTheRecorded}>
          {filled(texts.recordedNotCompared, { since, ignored: ignored.join(', ') })}
        </EmptyState>
      </section>
    );
  return (
    <>
      <p className="second">
        {filled(texts.toTheSchemaRecordedNot, {
          differences: texts.differences2(changes.length),
          since,
          ignored: ignored.join(', '),
        })}
      </p>
      <ChangeList
        changes={changes}
        engine={summary.environment.connection.engine}
        sides={[texts.asRecorded, texts.now]}
      />
      <Remedies summary={summary} />
    </>
  );
}

function Remedies({ summary }: { summary: EnvironmentSummary }) {
  const { id } = summary.environment;
  const [reason, setReason] = useState('');
  const [name, setName] = useState('');
  const [written, setWritten] = useState<WrittenDifference | null>(null);
  const accepting = useAction(async () => {
    await backend().schema.acceptDrift({ environmentId: id, reason: reason.trim() });
    announce(texts.thisSchemaIsTheExpected);
    await refresh(readings.drift(id));
  });
  const writing = useAction(async (direction: 'keep' | 'undo') => {
    setWritten(await backend().schema.writeMigration({ environmentId: id, name: name.trim(), direction }));
  });
  return (
    <div className="remedies">
      <section className="panel panel-body column" aria-label={texts.accept}>
        <h3>{texts.itIsMeantToBe}</h3>
        <ReasonField
          label={texts.reason}
          description={texts.recordedInTheHistoryWith}
          value={reason}
          onChange={setReason}
        />
        {accepting.problem !== null && <ProblemNotice problem={accepting.problem} urgent />}
        <Button
          size="xs"
          variant="default"
          disabled={reason.trim() === ''}
          loading={accepting.busy}
          onClick={accepting.run}
        >
          {texts.acceptThisSchema}
        </Button>
      </section>
      <section className="panel panel-body column" aria-label={texts.writeAMigration}>
        <h3>{texts.makeAMigrationOfIt}</h3>
        <TextInput
          label={texts.nameOfTheMigration}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
        />
        {writing.problem !== null && <ProblemNotice problem={writing.problem} urgent />}
        <div className="row wraps">
          <Button
            size="xs"
            variant="default"
            disabled={name.trim() === ''}
            loading={writing.busy}
            onClick={() => writing.run('keep')}
          >
            {texts.thatMakesItElsewhere}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={name.trim() === ''}
            loading={writing.busy}
            onClick={() => writing.run('undo')}
          >
            {texts.thatUndoesItHere}
          </Button>
        </div>
        {written !== null && (
          <div className="column" role="status">
            {written.files.map((file) => (
              <CopyLine key={file} value={`${written.source}/${file}`} label={texts.copyThePath} />
            ))}
            {written.unwritten.map((what) => (
              <p key={what}>
                {texts.toWriteByHand} {what}
              </p>
            ))}
          </div>
        )}
      </section>
    </div>
  );
}

function Compare({ summary }: { summary: EnvironmentSummary }) {
  const { environment } = summary;
  const others = useResource(readings.environments());
  const [other, setOther] = useState<string | null>(null);
  const diff = useResource(other === null ? null : readings.schemaDiff(environment.id, environment.name, other));
  const names = (others.data ?? [])
    .map((one) => one.environment)
    .filter((one) => one.id !== environment.id && one.connection.engine === environment.connection.engine)
    .map((one) => one.name);
  if (names.length === 0) return null;
  return (
    <section className="column" aria-label={texts.compareWithAnotherEnvironment}>
      <h2>{texts.compareWithAnotherEnvironment}</h2>
      <Select label={texts.environment} data={names} value={other} onChange={setOther} searchable clearable maw={360} />
      {diff.problem !== null && <ProblemNotice problem={diff.problem} />}
      {other !== null && diff.data?.changes.length === 0 && <p role="status">{texts.bothSchemasAreEqual}</p>}
      {other !== null && diff.data !== null && diff.data.changes.length > 0 && (
        <ChangeList
          changes={diff.data.changes}
          engine={environment.connection.engine}
          sides={[environment.name, other]}
        />
      )}
    </section>
  );
}
