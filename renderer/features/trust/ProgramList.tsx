import { Button } from '@mantine/core';
import type { ProgramContent } from '../../../shared/model/trust.ts';
import { shortDigest } from '../../format.ts';
import { trustTexts as texts } from './texts.ts';

interface ProgramListProps {
  readonly programs: readonly ProgramContent[];
  readonly chosen: string;
  readonly choose: (digest: string) => void;
  readonly busy: boolean;
  /** The folder holds something else by now. */
  readonly disabled: boolean;
  readonly trustAll: () => void;
}

export function ProgramList({ programs, chosen, choose, busy, disabled, trustAll }: ProgramListProps) {
  return (
    <section className="panel trust-list" aria-label={texts.programs}>
      <div className="panel-head">
        <h2>{texts.programs2(programs.length)}</h2>
        {programs.length > 1 && (
          <Button
            size="compact-xs"
            variant="default"
            className="push"
            loading={busy}
            disabled={disabled}
            onClick={trustAll}
          >
            {texts.trustAllAsTheyAre(programs.length)}
          </Button>
        )}
      </div>
      <ul className="trust-programs">
        {programs.map(({ digest, path, files, packages }) => (
          <li key={digest}>
            <button type="button" aria-pressed={digest === chosen} onClick={() => choose(digest)}>
              <span className="mono clip">{path}</span>
              <span className="small dim">
                {texts.files(files.length)}
                {packages.length > 0 && `, ${texts.packages(packages.length)}`} ·{' '}
                <span className="mono">{shortDigest(digest)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
