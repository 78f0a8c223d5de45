import { Autocomplete, NativeSelect, SegmentedControl, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { backupLevels } from '../../../shared/model/backup.ts';
import { type Environment, environmentColours, type Protection, tiers } from '../../../shared/model/environment.ts';
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
        <div className="row" role="radiogroup" aria-labelledby="drawer-colour">
          {environmentColours.map((colour) => (
            <UnstyledButton
              key={colour}
              className="swatch"
              role="radio"
              aria-checked={draft.colour === colour}
              aria-label={colourWords[colour]}
              title={colourWords[colour]}
              data-colour={colour}
              onClick={() => change({ colour })}
            />
          ))}
        </div>
      </div>
      <ProtectionFields
        protection={shownProtection(draft, stored, layers)}
        change={(protection) => change({ protection })}
      />
    </section>
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
