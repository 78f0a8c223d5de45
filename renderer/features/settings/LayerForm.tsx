/** What one level says of the settings: each with the value that holds, and whose word it is. Saved at once, with undo. */
import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { SettingsScope } from '../../../shared/contract/settings.ts';
import { lockedFields } from '../../../shared/model/lockedSettings.ts';
import { type EnvironmentSettings, type SettingsLayer, settingsFor } from '../../../shared/model/settings.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import {
  originOf,
  type SettingField,
  type Standing,
  settingGroups,
  valueAt,
  withValue,
  wordsOf,
} from './layerFields.ts';
import { SettingControl } from './SettingControl.tsx';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';
import './settings.css';

interface LayerFormProps {
  /** Whose settings they are, in words. */
  readonly whose: string;
  readonly scope: SettingsScope;
  /** What this level says now. */
  readonly layer: SettingsLayer;
  readonly standing: Standing;
}

export function LayerForm({ whose, scope, layer, standing }: LayerFormProps) {
  const save = async (values: SettingsLayer): Promise<void> => {
    await backend().settings.set({ layer: { scope, values } });
    await Promise.all([refresh(readings.settings()), refresh(readings.environments())]);
  };
  const saveField = async ({ label, path }: SettingField, value: unknown): Promise<void> => {
    await save(withValue(layer, path, value));
    offerUndo(texts.fieldOf(label, whose), () => save(layer));
  };
  const saving = useAction(saveField);
  // For the workspace nothing is built in by tier: development's values stand for what asks for nothing.
  const holds = settingsFor(standing.layers, standing.tier ?? 'development', standing.own ?? {});
  // Protection is said by tier and environment; commands that reach a program, by environment alone; hooks by no tier.
  const isOffered = ({ kind, path: [group] }: SettingField): boolean =>
    (kind !== 'command' || scope.kind === 'environment') &&
    (kind !== 'hooks' || scope.kind !== 'tier') &&
    (group !== 'protection' || scope.kind !== 'workspace');
  return (
    <div className="column wide">
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
      {settingGroups.map(({ title, fields }) => (
        <section key={title} className="panel" aria-label={title}>
          <div className="panel-head">
            <h2>{title}</h2>
          </div>
          <ul className="settings-list">
            {fields.filter(isOffered).map((field) => (
              <SettingLine
                key={field.label}
                field={field}
                holds={holds}
                standing={standing}
                environmentId={scope.kind === 'environment' ? scope.id : null}
                busy={saving.busy}
                say={(value) => saving.run(field, value)}
                save={(value) => saveField(field, value)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface SettingLineProps {
  readonly field: SettingField;
  readonly holds: EnvironmentSettings;
  readonly standing: Standing;
  /** Whose settings; null: of several. */
  readonly environmentId: string | null;
  readonly busy: boolean;
  /** Undefined: this level says no more of it. */
  readonly say: (value: unknown) => void;
  readonly save: (value: unknown) => Promise<void>;
}

function SettingLine({ field, holds, standing, environmentId, busy, say, save }: SettingLineProps) {
  const origin = originOf(standing, field.path);
  const locked = lockedFields(standing.layers, standing.tier).get(field.path.join('.'));
  return (
    <li className="setting">
      <div className="column" style={{ gap: 1 }}>
        <span className="strong" id={`setting-${field.path.join('-')}`}>
          {field.label}
        </span>
        <span className="small dim">{field.help}</span>
      </div>
      {locked === undefined ? (
        <SettingControl
          field={field}
          value={valueAt(holds, field.path)}
          environmentId={environmentId}
          busy={busy}
          say={say}
          save={save}
        />
      ) : (
        <span>{wordsOf(field, valueAt(holds, field.path))}</span>
      )}
      <span className="origin small">
        {locked !== undefined ? (
          <span className="dim locked" title={texts.lockedBy(locked)}>
            <IconLock size={13} aria-hidden="true" /> {texts.lockedBy(locked)}
          </span>
        ) : origin === 'here' ? (
          <>
            <span className="chip plain">{texts.setHere}</span>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={texts.inheritField(field.label)}
              onClick={() => say(undefined)}
            >
              {texts.inherit}
            </Button>
          </>
        ) : (
          <span className="dim">{origin}</span>
        )}
      </span>
    </li>
  );
}
