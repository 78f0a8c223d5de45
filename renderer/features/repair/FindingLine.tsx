import { Button, Tooltip } from '@mantine/core';
import type { RepairOffer } from '../../../shared/model/repair.ts';
import type { Finding } from '../../../shared/model/verification.ts';
import { Mark } from '../../components/Mark.tsx';
import { formatRoute } from '../../router.ts';
import { differenceMarks, findingMarks, repairWords } from '../../texts.ts';
import { repairTexts as texts } from './texts.ts';

interface FindingLineProps {
  readonly finding: Finding;
  readonly environmentId: string;
  readonly offers: readonly RepairOffer[];
}

export function FindingLine({ finding, environmentId, offers }: FindingLineProps) {
  const mark = findingMarks[finding.kind];
  const difference = offers.find((offer) => offer.difference !== null)?.difference ?? null;
  return (
    <li className="finding">
      <div className="column" style={{ gap: 3 }}>
        <div className="row wraps">
          <Mark mark={mark} />
          {finding.version !== null ? (
            <a
              className="link strong mono"
              href={formatRoute({ screen: 'migration', id: environmentId, version: finding.version })}
            >
              {finding.version}
            </a>
          ) : (
            finding.path !== null && <span className="mono">{finding.path}</span>
          )}
          {difference !== null && (
            <span className="chip" data-tone={differenceMarks[difference.kind].tone}>
              {differenceMarks[difference.kind].word}
            </span>
          )}
        </div>
        <p>{finding.detail}</p>
        <p className="second small">{mark.meaning}</p>
      </div>
      <div className="offers">
        {offers.map((offer) => (
          <Offer key={offer.action} offer={offer} environmentId={environmentId} />
        ))}
        {finding.kind === 'outOfOrder' && finding.version !== null && (
          <Button
            component="a"
            size="xs"
            variant="default"
            href={formatRoute({ screen: 'migrate', id: environmentId, target: { direction: 'up' } })}
          >
            {texts.planTheRun}
          </Button>
        )}
      </div>
    </li>
  );
}

function Offer({ offer, environmentId }: { offer: RepairOffer; environmentId: string }) {
  const { action, version, problem } = offer;
  const words = action === 'updateChecksum' ? texts.compareAndCorrect : `${repairWords[action].ask}…`;
  if (problem !== null)
    return (
      <Tooltip label={`${problem.message} ${problem.hint}`}>
        <Button size="xs" variant="default" aria-disabled data-disabled onClick={(event) => event.preventDefault()}>
          {words}
        </Button>
      </Tooltip>
    );
  return (
    <Button
      component="a"
      size="xs"
      variant="default"
      aria-label={`${words} (${version})`}
      href={formatRoute({ screen: 'repair', id: environmentId, requests: [{ action, version }] })}
    >
      {words}
    </Button>
  );
}
