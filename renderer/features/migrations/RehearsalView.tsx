/** What the last rehearsal with this migration has seen of it, and of the way back. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { MigrationRehearsal } from '../../../shared/model/rehearsal.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { focusable } from '../../components/focusable.ts';
import { ReportMenu } from '../../components/ReportMenu.tsx';
import { formatRoute } from '../../router.ts';
import { Provenance } from '../rehearsal/Provenance.tsx';
import { SchemaSides } from '../rehearsal/SchemaSides.tsx';
import { StepView, WayBack } from '../rehearsal/StepView.tsx';
import '../rehearsal/rehearsal.css';
import { migrationTexts as texts } from './texts.ts';

interface RehearsalViewProps {
  /** Null: there is none. */
  readonly found: MigrationRehearsal | null;
  readonly engine: EngineId;
}

export function RehearsalView({ found, engine }: RehearsalViewProps) {
  if (found === null) return <NeverRehearsed />;
  const { rehearsal, step, outdated } = found;
  return (
    <section className="panel migration-view" aria-label={texts.rehearsal} {...focusable}>
      <div className="panel-head">
        <h2>{texts.rehearsal}</h2>
        {outdated && <Outdated />}
        <span className="row push">
          <a className="link" href={formatRoute({ screen: 'rehearsal', id: rehearsal.id })}>
            {rehearsal.steps.length === 1 ? texts.onAPageOfIts : texts.allSteps(rehearsal.steps.length)}
          </a>
          <ReportMenu id={rehearsal.id} />
        </span>
      </div>
      <div className="panel-body column">
        <Provenance rehearsal={rehearsal} />
        <StepView step={step} engine={engine} />
        <h3>{texts.theWayBack}</h3>
        <WayBack rehearsal={rehearsal} />
      </div>
    </section>
  );
}

/** The schema that the step found, and the one that it left. */
export function SchemaView({ found }: Pick<RehearsalViewProps, 'found'>) {
  if (found === null) return <NeverRehearsed />;
  return (
    <section className="panel migration-view" aria-label={texts.schemaBeforeAndAfter} {...focusable}>
      <div className="panel-head">
        <h2>{texts.schemaBeforeAndAfter}</h2>
        {found.outdated && <Outdated />}
      </div>
      <div className="panel-body">
        <SchemaSides changes={found.step.schema} empty={texts.nothingOfTheSchemaChanges} />
      </div>
    </section>
  );
}

const Outdated = () => (
  <span className="chip" data-tone="attention" title={texts.whatWasRehearsedIsNot}>
    <span aria-hidden="true">▲</span>
    {texts.theFileWasChangedSince}
  </span>
);

const NeverRehearsed = () => (
  <section className="panel migration-view">
    <EmptyState glyph="○" title={texts.neverRehearsed}>
      {texts.onACopyThatReaches}
    </EmptyState>
  </section>
);
