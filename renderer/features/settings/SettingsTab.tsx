/** One environment's settings over its tier's and the workspace's. */

import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { LayerForm } from './LayerForm.tsx';
import { settingsTexts as texts } from './texts.ts';
import { UndoButton, UndoProblem } from './UndoButton.tsx';

export default function SettingsTab({ summary }: { summary: EnvironmentSummary }) {
  const { environment } = summary;
  const { data, problem } = useResource(readings.settings());
  if (data === null)
    return problem === null ? <ReadingNotice>{texts.reading}</ReadingNotice> : <ProblemNotice problem={problem} />;
  const layer = environment.settings ?? {};
  return (
    <div className="scrolls settings-tab column">
      <div className="row">
        <span className="dim">{texts.savedAtOnce}</span>
        <span className="push">
          <UndoButton />
        </span>
      </div>
      <UndoProblem />
      {problem !== null && <ProblemNotice problem={problem} tone="attention" />}
      <LayerForm
        whose={environment.name}
        scope={{ kind: 'environment', id: environment.id }}
        layer={layer}
        standing={{ tier: environment.tier, layers: data.layers, own: layer }}
      />
    </div>
  );
}
