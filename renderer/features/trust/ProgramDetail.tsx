import { Button, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ProgramContent } from '../../../shared/model/trust.ts';
import { CopyIcon } from '../../components/CopyText.tsx';
import { focusable } from '../../components/focusable.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { trustTexts as texts } from './texts.ts';

const SqlView = lazy(() => import('../../components/SqlView.tsx'));

interface ProgramDetailProps {
  readonly program: ProgramContent;
  readonly environmentId: string;
  /** The migration it belongs to; null when it is no longer in the folder. */
  readonly version: string | null;
  readonly busy: boolean;
  /** The folder holds something else by now. */
  readonly disabled: boolean;
  readonly trust: () => void;
}

/** One program: its own text, and the digest of everything it can load. */
export function ProgramDetail({ program, environmentId, version, busy, disabled, trust }: ProgramDetailProps) {
  return (
    <div className="trust-detail">
      <section className="panel sql-panel" aria-label={texts.sourceCode}>
        <div className="panel-head">
          <h2 className="mono clip">{program.path}</h2>
          <Button size="xs" className="push" loading={busy} disabled={disabled} onClick={trust}>
            {texts.trustThisExactContent}
          </Button>
        </div>
        {version === null ? (
          <p className="panel-body dim">{texts.noMigrationOfTheFolder}</p>
        ) : (
          <Source environmentId={environmentId} version={version} program={program} />
        )}
      </section>
      <Contents program={program} />
    </div>
  );
}

interface SourceProps {
  readonly environmentId: string;
  readonly version: string;
  readonly program: ProgramContent;
}

function Source({ environmentId, version, program: { path, digest } }: SourceProps) {
  const { data, problem } = useResource(readings.migration(environmentId, version));
  if (problem !== null)
    return (
      <div className="panel-body">
        <ProblemNotice problem={problem} />
      </div>
    );
  if (data === null) return <Skeleton height={240} />;
  // Never the text of one content beside the digest of another.
  if (data.trust?.programs.some((program) => program.digest === digest) !== true)
    return (
      <p className="panel-body dim" role="status">
        {texts.theFileIsNotThe}
      </p>
    );
  if (data.source === null) return <p className="panel-body dim">{texts.itsTextCannotBeShown}</p>;
  return (
    <Suspense fallback={<Skeleton height={240} />}>
      <SqlView sql={data.source} engine={null} hazards={[]} firstLine={1} label={texts.sourceCodeOf(path)} />
    </Suspense>
  );
}

function Contents({ program }: { program: ProgramContent }) {
  return (
    <section className="panel trust-contents" aria-label={texts.everythingItCanLoad} {...focusable}>
      <table className="result-table">
        <caption className="hidden-text">{texts.filesAndPackagesThatCan(program.path)}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.everythingItCanLoad}</th>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.sha256}</th>
          </tr>
        </thead>
        <tbody>
          {program.files.map(({ path, sha256, role }) => (
            <Line key={path} name={path} what={role === 'code' ? texts.code : texts.dataReadOnly} digest={sha256} />
          ))}
          {program.packages.map(({ name, version, sha256 }) => (
            <Line key={name} name={`${name} ${version}`} what={texts.package} digest={sha256} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ name, what, digest }: { name: string; what: string; digest: string }) {
  return (
    <tr>
      <th scope="row" className="mono">
        {name}
      </th>
      <td>{what}</td>
      <td>
        <span className="row">
          <span className="clip" title={digest}>
            {digest}
          </span>
          <CopyIcon value={digest} label={texts.copyTheDigestOf(name)} />
        </span>
      </td>
    </tr>
  );
}
