import { SegmentedControl } from '@mantine/core';
import { type Appearance as Choice, densities, themes } from '../../../shared/model/appearance.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { changePreferences, usePreferences } from '../../preferences.ts';
import { useAction } from '../../useAction.ts';
import { Section } from './Section.tsx';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';

export function Appearance() {
  const before = usePreferences();
  const saving = useAction(async (label: string, change: Partial<Choice>) => {
    await changePreferences(change);
    offerUndo(label, () => changePreferences(before));
  });
  return (
    <Section title={texts.appearance}>
      <div className="settings-grid">
        <span id="setting-theme">{texts.theme}</span>
        <SegmentedControl
          aria-labelledby="setting-theme"
          value={before.theme}
          onChange={(theme) => saving.run(texts.theme, { theme })}
          data={themes.map((value) => ({ value, label: texts.themes[value] }))}
        />
        <span id="setting-density">{texts.density}</span>
        <SegmentedControl
          aria-labelledby="setting-density"
          value={before.density}
          onChange={(density) => saving.run(texts.density, { density })}
          data={densities.map((value) => ({ value, label: texts.densities[value] }))}
        />
        <span>{texts.zoom}</span>
        <span className="second">{texts.zoomHelp}</span>
      </div>
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
    </Section>
  );
}
