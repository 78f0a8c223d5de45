/** An open bundle: what it says of itself, whose it is, what is in it, and whether it suits. All of it plain text. */
import type { BundleReport } from '../../../shared/model/bundle.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { focusable } from '../../components/focusable.ts';
import { formatBytes } from '../../format.ts';
import { CheckPanel } from './CheckPanel.tsx';
import { ContentsPanel } from './ContentsPanel.tsx';
import { SignerPanel } from './SignerPanel.tsx';
import { bundleTexts as texts } from './texts.ts';

interface BundleViewProps {
  readonly report: BundleReport;
  readonly environmentId: string | null;
}

export function BundleView({ report, environmentId }: BundleViewProps) {
  return (
    <div className="bundle-columns">
      <div className="column">
        <CheckPanel report={report} environmentId={environmentId} />
        <ContentsPanel report={report} />
      </div>
      <div className="column">
        <SignerPanel report={report} />
        <AboutPanel report={report} />
        {report.manifest.notes !== null && (
          <section className="panel" aria-label={texts.notes}>
            <div className="panel-head">
              <h2>{texts.notes}</h2>
            </div>
            <p className="panel-body preserve bundle-notes" {...focusable}>
              {report.manifest.notes}
            </p>
          </section>
        )}
      </div>
    </div>
  );
}

function AboutPanel({ report: { file, digest, bytes, manifest } }: { report: BundleReport }) {
  const { origin, range, tool, requires, migrations } = manifest;
  const brought = migrations.filter(({ included }) => included).length;
  const servers = requires.servers.map(({ product, from, to }) =>
    [product, from, to === from ? null : to].filter((one) => one !== null).join(' – '),
  );
  return (
    <section className="panel" aria-label={texts.about}>
      <div className="panel-head">
        <h2 className="clip" title={file}>
          {file.startsWith(digest) ? texts.about : file.split(/[\\/]/).at(-1)}
        </h2>
        <span className="dim nowrap">{formatBytes(bytes)}</span>
      </div>
      <div className="panel-body column">
        <dl className="facts">
          <dt>{texts.origin}</dt>
          <dd>{origin ?? <span className="dim">{texts.notSaid}</span>}</dd>
          <dt>{texts.range}</dt>
          <dd>
            <span className="mono">{texts.rangeOf(range.from, range.to)}</span>
            <br />
            <span className="second">
              {texts.migrations(brought)}
              {brought < migrations.length && `, ${texts.before(migrations.length - brought)}`}
            </span>
          </dd>
          <dt>{texts.tool}</dt>
          <dd>{tool}</dd>
          {requires.applications.length > 0 && (
            <>
              <dt>{texts.application}</dt>
              <dd>{requires.applications.join(', ')}</dd>
            </>
          )}
          {requires.schemaVersion !== null && (
            <>
              <dt>{texts.needsBefore}</dt>
              <dd className="mono">{requires.schemaVersion}</dd>
            </>
          )}
          <dt>{texts.servers}</dt>
          <dd>{servers.length === 0 ? texts.anyServer : servers.join(', ')}</dd>
          <dt>{texts.extensions}</dt>
          <dd>{requires.extensions.length === 0 ? texts.none : requires.extensions.join(', ')}</dd>
        </dl>
        <span className="small dim">{texts.digest}</span>
        <CopyLine value={digest} label={texts.copyDigest} />
      </div>
    </section>
  );
}
