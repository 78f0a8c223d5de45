import { Autocomplete, NativeSelect, SegmentedControl, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { backupLevels } from '../../../shared/model/backup.ts';
import {
  type Environment,
  type EnvironmentColour,
  environmentColours,
  type Protection,
  tiers,
} from '../../../shared/model/environment.ts';
import { noLayers } from '../../../shared/model/settings.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { colourWords, gateBackupWords, tierWords } from '../../texts.ts';
import { colourByTier, shownProtection } from './draft.ts';
import type { FieldsProps } from './fields.ts';
import { connectionTexts as texts } from './texts.ts';

interface IdentityFieldsProps extends FieldsProps {
  /** The environment that is edited; null for a new one. */
  readonly stored: Environment | null;
}

/** How the environment is told apart, and how it is protected. */
export function IdentityFields({ draft, change, missing, stored }: IdentityFieldsProps) {
  const layers = useResource(readings.settings()).data?.layers ?? noLayers;
  const environments = useResource(readings.environments()).data ?? [];
  const groups = [
    ...new Set(environments.map(({ environment }) => environment.group).filter((group) => group !== '')),
  ].toSorted();
  const setTier = (value: string): void => {
    const tier = tiers.find((one) => one === value) ?? draft.tier;
    change({ tier, ...(draft.colour === colourByTier[draft.tier] ? { colour: colourByTier[tier] } : {}) });
  };
  return (
    <section className="drawer-section">
      <h3>{texts.nameAndProtection}</h3>
      <div className="field-grid even">
        <TextInput
          label={texts.name}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={missing.name}
          description={texts.whatIsTypedToConfirm}
          required
        />
        <Autocomplete
          label={texts.group}
          description={texts.environmentsThatBelongTogether}
          value={draft.group}
          onChange={(group) => change({ group })}
          data={groups}
        />
      </div>
      <div>
        <span className="field-label" id="drawer-tier">
          {texts.tier}
        </span>
        <SegmentedControl
          aria-labelledby="drawer-tier"
          fullWidth
          value={draft.tier}
          onChange={setTier}
          data={tiers.map((tier) => ({ value: tier, label: tierWords[tier] }))}
        />
      </div>
      <div>
        <span className="field-label" id="drawer-colour">
          {texts.colour}
        </span>
        <Colours colour={draft.colour} choose={(colour) => change({ colour })} />
      </div>
      <ProtectionFields
        protection={shownProtection(draft, stored, layers)}
        change={(protection) => change({ protection })}
      />
    </section>
  );
}

interface ColoursProps {
  readonly colour: EnvironmentColour;
  readonly choose: (colour: EnvironmentColour) => void;
}

/** One stop of Tab; arrows choose, as among the browser's own radio buttons. */
function Colours({ colour, choose }: ColoursProps) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const count = environmentColours.length;
    const next = (environmentColours.indexOf(colour) + step + count) % count;
    choose(environmentColours[next] ?? colour);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  };
  return (
    <div ref={group} className="row" role="radiogroup" aria-labelledby="drawer-colour" onKeyDown={onKeyDown}>
      {environmentColours.map((one) => (
        <UnstyledButton
          key={one}
          className="swatch"
          role="radio"
          aria-checked={colour === one}
          tabIndex={colour === one ? 0 : -1}
          aria-label={colourWords[one]}
          title={colourWords[one]}
          data-colour={one}
          onClick={() => choose(one)}
        />
      ))}
    </div>
  );
}

function ProtectionFields({
  protection,
  change,
}: {
  protection: Protection;
  change: (protection: Protection) => void;
}) {
  const toggle = (field: 'typedName' | 'reason' | 'readOnly', label: string) => (
    <Switch
      label={label}
      checked={protection[field]}
      onChange={(event) => change({ ...protection, [field]: event.currentTarget.checked })}
    />
  );
  return (
    <fieldset className="protection">
      <legend>{texts.beforeAnythingIsChanged}</legend>
      <NativeSelect
        label={texts.backup}
        value={protection.backup}
        onChange={(event) => {
          const value = event.currentTarget.value;
          change({ ...protection, backup: backupLevels.find((level) => level === value) ?? 'none' });
        }}
        data={(['none', ...backupLevels] as const).map((level) => ({ value: level, label: gateBackupWords[level] }))}
      />
      <div className="column">
        {toggle('typedName', texts.theNameMustBeTyped)}
        {toggle('reason', texts.aReasonMustBeGiven)}
        {toggle('readOnly', texts.readOnlyNothingMayBe)}
      </div>
    </fieldset>
  );
}
