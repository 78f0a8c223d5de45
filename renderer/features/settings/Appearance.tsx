import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type Appearance as Choice, densities, themes } from '../../../shared/model/appearance.ts';
import type { Problem } from '../../../shared/problem.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { changePreferences, usePreferences } from '../../preferences.ts';
import { toProblem } from '../../problem.ts';
import { Section } from './Section.tsx';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';

export function Appearance() {
  const { theme, density } = usePreferences();
  const [problem, setProblem] = useState<Problem | null>(null);
  const choose = async (label: string, change: Partial<Choice>): Promise<void> => {
    const before = usePreferences.getState();
    setProblem(null);
    try {
      await changePreferences(change);
      offerUndo(label, () => changePreferences(before));
    } catch (thrown) {
      setProblem(toProblem(thrown));
    }
  };
  return (
    <Section title={texts.appearance}>
      <div className="settings-grid">
        <span id="setting-theme">{texts.theme}</span>
        <SegmentedControl
          aria-labelledby="setting-theme"
          value={theme}
          onChange={(chosen) => void choose(texts.theme, { theme: chosen })}
          data={themes.map((value) => ({ value, label: texts.themes[value] }))}
        />
        <span id="setting-density">{texts.density}</span>
        <SegmentedControl
          aria-labelledby="setting-density"
          value={density}
          onChange={(chosen) => void choose(texts.density, { density: chosen })}
          data={densities.map((value) => ({ value, label: texts.densities[value] }))}
        />
        <span>{texts.zoom}</span>
        <span className="second">{texts.zoomHelp}</span>
      </div>
      {problem !== null && <ProblemNotice problem={problem} urgent />}
    </Section>
  );
}
