/** Appearance, what holds for environments, and what this computer offers: saved at once, with undo. */
import { Button, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApplicationInfo } from '../../../shared/contract/views.ts';
import type { ToolsReport } from '../../../shared/model/status.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { changePreferences, type Preferences, usePreferences } from '../../preferences.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { Encryption } from './Encryption.tsx';
import { LayerSettings } from './LayerSettings.tsx';
import { offerUndo } from './offerUndo.tsx';
import { SupportBundle } from './SupportBundle.tsx';
import './settings.css';

export default function SettingsPage() {
  const info = useResource(readings.info());
  const tools = useResource(readings.tools());
  const settings = useResource(readings.settings());
  return (
    <div className="page settings">
      <div className="page-head">
        <h1 tabIndex={-1}>Settings</h1>
        <span className="sub">Saved at once</span>
      </div>
      <Appearance />
      {settings.problem !== null && <ProblemNotice problem={settings.problem} />}
      {settings.data !== null && <LayerSettings settings={settings.data} />}
      <Section title="Encryption of backups">
        {settings.data !== null && (
          <Encryption archiveKey={settings.data.archiveKey} keychain={info.data?.keychain ?? null} />
        )}
      </Section>
      <Section title="Passwords">
        {info.problem !== null ? (
          <ProblemNotice problem={info.problem} />
        ) : (
          info.data !== null && <Keychain info={info.data} />
        )}
      </Section>
      <Section
        title="Dump programs"
        action={
          <Button size="xs" variant="default" loading={tools.loading} onClick={() => void refresh(readings.tools())}>
            Look again
          </Button>
        }
      >
        {tools.problem !== null ? (
          <ProblemNotice problem={tools.problem} />
        ) : (
          tools.data !== null && <DumpPrograms report={tools.data} />
        )}
      </Section>
      <Section title="Migration tools">{tools.data !== null && <Tools report={tools.data} />}</Section>
      <Section title="Support bundle">
        <SupportBundle />
      </Section>
      <Section title="This computer">{info.data !== null && <Computer info={info.data} />}</Section>
    </div>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {action !== undefined && <span className="push">{action}</span>}
      </div>
      <div className="panel-body">{children}</div>
    </section>
  );
}

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;
const densities = [
  { value: 'comfortable', label: 'Comfortable' },
  { value: 'compact', label: 'Compact' },
] as const;

function Appearance() {
  const { theme, density } = usePreferences();
  const saving = useAction(async (change: Partial<Preferences>) => {
    const before: Preferences = { theme, density };
    await changePreferences(change);
    offerUndo(() => saving.run(before));
  });
  const choose =
    <K extends keyof Preferences>(field: K, options: readonly { value: Preferences[K] }[]) =>
    (value: string): void => {
      const chosen = options.find((option) => option.value === value)?.value;
      if (chosen !== undefined) saving.run({ [field]: chosen });
    };
  return (
    <Section title="Appearance">
      <div className="settings-grid">
        <span id="setting-theme">Theme</span>
        <SegmentedControl
          aria-labelledby="setting-theme"
          value={theme}
          onChange={choose('theme', themes)}
          data={[...themes]}
        />
        <span id="setting-density">Density</span>
        <SegmentedControl
          aria-labelledby="setting-density"
          value={density}
          onChange={choose('density', densities)}
          data={[...densities]}
        />
      </div>
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
    </Section>
  );
}

function Keychain({ info }: { info: ApplicationInfo }) {
  const { available, reason } = info.keychain;
  return available ? (
    <p>
      <span className="mark" data-tone="ok">
        <span className="glyph" aria-hidden="true">
          ✓
        </span>
        The system’s keychain works
      </span>
      <span className="second">. Passwords are kept there and nowhere else.</span>
    </p>
  ) : (
    <div className="column">
      <p className="mark" data-tone="attention">
        <span className="glyph" aria-hidden="true">
          ▲
        </span>
        The keychain cannot be used
      </p>
      <p className="second">{reason ?? 'No reason was given.'}</p>
      <p className="second">Passwords are asked for in each session and kept in memory only.</p>
    </div>
  );
}

function DumpPrograms({ report }: { report: ToolsReport }) {
  return (
    <dl className="settings-grid">
      {report.engines.map((engine) => {
        const found = report.dumpPrograms.filter((program) => program.engine === engine.id);
        return (
          <div key={engine.id} className="contents">
            <dt>{engine.title}</dt>
            <dd className="column" style={{ gap: 2 }}>
              {found.map((program) => (
                <span key={program.path} className="column" style={{ gap: 2 }}>
                  <span>
                    <span className="mono">{program.path}</span> <span className="second">{program.version}</span>
                  </span>
                  {program.advice !== null && (
                    <span className="mark small" data-tone="attention">
                      <span className="glyph" aria-hidden="true">
                        ▲
                      </span>
                      {program.advice}
                    </span>
                  )}
                </span>
              ))}
              {engine.id === 'sqlite' && <span className="second">None needed: its backup is built in</span>}
              {found.length === 0 && engine.id !== 'sqlite' && (
                <span className="mark" data-tone="attention">
                  <span className="glyph" aria-hidden="true">
                    ▲
                  </span>
                  None found
                </span>
              )}
              {found.length === 0 && engine.id !== 'sqlite' && (
                <span className="small second">
                  Install the server’s client programs, put them into a folder named <span className="mono">tools</span>{' '}
                  beside Lockkeeper, or name a command under Settings, Dump program elsewhere, of an environment.
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Tools({ report }: { report: ToolsReport }) {
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
      <dt>Data directory</dt>
      <dd>
        <CopyLine value={info.dataDirectory} label="Copy the path" />
      </dd>
      <dt>Signed in as</dt>
      <dd>
        {info.user} on {info.hostName} ({info.platform})
      </dd>
      <dt>Lockkeeper</dt>
      <dd>
        {info.version}, {info.shell === 'electron' ? 'desktop window' : 'in a browser'}
      </dd>
    </dl>
  );
}
