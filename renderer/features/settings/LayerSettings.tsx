/** What holds for all environments, or for those of one tier. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../shared/contract/views.ts';
import { type Tier, tiers } from '../../../shared/model/environment.ts';
import { tierWords } from '../../texts.ts';
import { LayerForm } from './LayerForm.tsx';

export function LayerSettings({ settings }: { settings: Settings }) {
  const [tier, setTier] = useState<Tier | null>(null);
  const { layers } = settings;
  return (
    <section className="column" aria-label="Environments">
      <div className="row wraps">
        <h2>Environments</h2>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label="Whose settings"
          value={tier ?? ''}
          onChange={(value) => setTier(tiers.find((one) => one === value) ?? null)}
          data={[{ value: '', label: 'Workspace' }, ...tiers.map((one) => ({ value: one, label: tierWords[one] }))]}
        />
      </div>
      <p className="second">
        {tier === null
          ? 'For every environment, unless its tier or itself says otherwise. What must be true before a change is said by tier.'
          : `For environments of the tier ${tierWords[tier]}, unless they say otherwise themselves.`}
      </p>
      <LayerForm
        key={tier ?? ''}
        scope={tier === null ? { kind: 'workspace' } : { kind: 'tier', tier }}
        layer={tier === null ? layers.workspace : (layers.tiers[tier] ?? {})}
        standing={{ tier, layers, own: null }}
      />
    </section>
  );
}
