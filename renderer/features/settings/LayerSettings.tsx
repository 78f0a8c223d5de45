/** What holds for all environments, or for those of one tier. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../shared/contract/views.ts';
import { type Tier, tiers } from '../../../shared/model/environment.ts';
import { tierWords } from '../../texts.ts';
import { LayerForm } from './LayerForm.tsx';
import { settingsTexts as texts } from './texts.ts';

export function LayerSettings({ settings }: { settings: Settings }) {
  const [tier, setTier] = useState<Tier | null>(null);
  const { layers } = settings;
  return (
    <section className="column" aria-label={texts.environments}>
      <div className="row wraps">
        <h2>{texts.environments}</h2>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label={texts.whose}
          value={tier ?? ''}
          onChange={(value) => setTier(tiers.find((one) => one === value) ?? null)}
          data={[{ value: '', label: texts.workspace }, ...tiers.map((one) => ({ value: one, label: tierWords[one] }))]}
        />
      </div>
      <p className="second">{tier === null ? texts.forAll : texts.forTier(tierWords[tier])}</p>
      <LayerForm
        key={tier ?? ''}
        whose={tier === null ? texts.workspace : tierWords[tier]}
        scope={tier === null ? { kind: 'workspace' } : { kind: 'tier', tier }}
        layer={tier === null ? layers.workspace : (layers.tiers[tier] ?? {})}
        standing={{ tier, layers, own: null }}
      />
    </section>
  );
}
