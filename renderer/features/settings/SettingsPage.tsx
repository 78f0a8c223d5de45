/** Appearance, what holds for environments, and what this computer offers: saved at once, with undo. */

import { Button } from '@mantine/core';
import type { ApplicationInfo } from '../../../shared/contract/views.ts';
import type { ToolsReport } from '../../../shared/model/status.ts';
import { give } from '../../commands/registry.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { TrustedKeys } from '../keys/TrustedKeys.tsx';
import { keyTexts } from '../keys/texts.ts';
import { RoleSettings } from '../roles/RoleSettings.tsx';
import { roleTexts } from '../roles/texts.ts';
import { Appearance } from './Appearance.tsx';
import { DumpPrograms } from './DumpPrograms.tsx';
import { Encryption } from './Encryption.tsx';
import { Keychain } from './Keychain.tsx';
import { LayerSettings } from './LayerSettings.tsx';
import { Section } from './Section.tsx';
import { SupportBundle } from './SupportBundle.tsx';
import { Transfer } from './Transfer.tsx';
import { settingsTexts as texts } from './texts.ts';
import { UndoButton, UndoProblem } from './UndoButton.tsx';
import { Updates } from './Updates.tsx';
import './settings.css';

export default function SettingsPage() {
  const info = useResource(readings.info());
  const tools = useResource(readings.tools());
  const settings = useResource(readings.settings());
  return (
    <div className="page settings">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.title}</h1>
        <span className="sub">{texts.savedAtOnce}</span>
        <span className="push">
          <UndoButton />
        </span>
      </div>
      <UndoProblem />
      {settings.problem !== null && <ProblemNotice problem={settings.problem} />}
      {info.problem !== null && <ProblemNotice problem={info.problem} />}
      <Appearance />
      {settings.data === null && settings.problem === null && <ReadingNotice>{texts.reading}</ReadingNotice>}
      {settings.data !== null && (
        <>
          {settings.data.untrustedPolicy !== null && (
            <p className="chip-line" data-tone="attention" role="alert">
              <span aria-hidden="true">▲</span> {texts.untrustedPolicy(settings.data.untrustedPolicy)}
            </p>
          )}
          <LayerSettings settings={settings.data} />
          <Section title={texts.encryption}>
            <Encryption archiveKey={settings.data.archiveKey} keychain={info.data?.keychain ?? null} />
          </Section>
        </>
      )}
      {info.data !== null && (
        <Section title={texts.passwords}>
          <Keychain keychain={info.data.keychain} />
        </Section>
      )}
      <Section title={roleTexts.title}>
        <RoleSettings />
      </Section>
      <Section title={keyTexts.title}>
        <TrustedKeys />
      </Section>
      {settings.data !== null && <DumpPrograms folders={settings.data.programFolders} />}
      {tools.data !== null && (
        <Section title={texts.migrationTools}>
          <MigrationTools report={tools.data} />
        </Section>
      )}
      {settings.data !== null && info.data !== null && (
        <Section title={texts.moving}>
          <Transfer layers={settings.data.layers} hostName={info.data.hostName} />
        </Section>
      )}
      <Section title={texts.shortcuts}>
        <div className="row wraps">
          <span className="second">{texts.shortcutsHelp}</span>
          <Button size="xs" variant="default" className="push" onClick={() => give('shortcuts.show')}>
            {texts.showShortcuts}
          </Button>
        </div>
      </Section>
      {settings.data !== null && (
        <Section title={texts.updates}>
          <Updates address={settings.data.updateAddress} />
        </Section>
      )}
      <Section title={texts.support}>
        <SupportBundle />
      </Section>
      {info.data !== null && (
        <Section title={texts.computer}>
          <Computer info={info.data} />
        </Section>
      )}
    </div>
  );
}

function MigrationTools({ report }: { report: ToolsReport }) {
  return (
    <dl className="settings-grid">
      {report.tools.map((tool) => (
        <div key={tool.id} className="contents">
          <dt>{tool.title}</dt>
          <dd className="second">
            {tool.engines.map((id) => report.engines.find((engine) => engine.id === id)?.title ?? id).join(', ')}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Computer({ info }: { info: ApplicationInfo }) {
  return (
    <dl className="settings-grid">
      <dt>{texts.dataDirectory}</dt>
      <dd>
        <CopyLine value={info.dataDirectory} label={texts.copyPath} />
      </dd>
      <dt>{texts.signedInAs}</dt>
      <dd>{texts.userOn(info.user, info.hostName, info.platform)}</dd>
      <dt>{texts.product}</dt>
      <dd>
        {info.version}, {texts.versionIn[info.shell]}
      </dd>
    </dl>
  );
}
