/** Two texts side by side: what was applied at the left, what the file says now at the right. */
import { MergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import { language, readOnlyText } from './editor.ts';

interface DifferenceViewProps {
  readonly applied: string;
  readonly current: string;
  readonly engine: EngineId | null;
  /** Of the migration, for the names of both sides. */
  readonly version: string;
}

export default function DifferenceView({ applied, current, engine, version }: DifferenceViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [readOnlyText(label, 1), language(engine), EditorView.lineWrapping],
    });
    const view = new MergeView({
      a: side(applied, `${version} as it was applied`),
      b: side(current, `${version} as the file is now`),
      parent: box.current,
      collapseUnchanged: { margin: 3, minSize: 6 },
      diffConfig: { scanLimit: 5000, timeout: 2000 },
    });
    return () => view.destroy();
  }, [applied, current, engine, version]);
  return <div ref={box} className="difference-view" />;
}
