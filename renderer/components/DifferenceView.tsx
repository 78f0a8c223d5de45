/** Two texts side by side: the earlier at the left, the later at the right. */
import { MergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import { CopyIcon } from './CopyText.tsx';
import { language, readOnlyText } from './editor.ts';
import { componentTexts as texts } from './texts.ts';
import './sqlView.css';

interface DifferenceViewProps {
  readonly applied: string;
  readonly current: string;
  readonly engine: EngineId | null;
  /** Names of both sides. */
  readonly labels: readonly [applied: string, current: string];
}

export default function DifferenceView({ applied, current, engine, labels }: DifferenceViewProps) {
  const [left, right] = labels;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [readOnlyText(label, 1), language(engine), EditorView.lineWrapping],
    });
    const view = new MergeView({
      a: side(applied, left),
      b: side(current, right),
      parent: box.current,
      collapseUnchanged: { margin: 3, minSize: 6 },
      diffConfig: { scanLimit: 5000, timeout: 2000 },
    });
    return () => view.destroy();
  }, [applied, current, engine, left, right]);
  return (
    <div className="difference-view">
      <div className="difference-tools">
        <CopyIcon value={applied} label={texts.copy(left)} />
        <CopyIcon value={current} label={texts.copy(right)} />
      </div>
      <div ref={box} />
    </div>
  );
}
