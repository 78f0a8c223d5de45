/** One environment on the home screen; its status is read when it comes into view. */

import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { IconCopy, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { BackupLadder } from '../../components/BackupLadder.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { focusable } from '../../components/focusable.ts';
import { Mark } from '../../components/Mark.tsx';
import { Age, Moment } from '../../components/Time.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { outcomeMarks, runningMark } from '../../texts.ts';
import { ActiveRun } from '../runs/ActiveRun.tsx';
import { openDialog } from './dialogs.ts';
import { type Standing, standingOf } from './standing.ts';
import { connectionTexts as texts } from './texts.ts';

/** Milliseconds: what only goes by, or is left at once, asks no database. */
const lookedAtMs = 300;

/** Drawn again only when its own facts change: two hundred of them share the home screen. */
export const EnvironmentRow = memo(function EnvironmentRow({ summary }: { summary: EnvironmentSummary }) {
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!inViewport) return;
    const timer = setTimeout(() => setSeen(true), lookedAtMs);
    return () => clearTimeout(timer);
  }, [inViewport]);
  const { environment, url, activeRun } = summary;
  const readable = seen && environment.source !== null;
  const standing = standingOf(summary, useResource(readable ? readings.status(environment.id) : null));
  return (
    <li ref={ref} className="environment-row" data-colour={environment.colour}>
      <div className="who">
        <div className="row">
          <a href={formatRoute({ screen: 'environment', id: environment.id, tab: 'plan', run: null })}>
            <EnvironmentName environment={environment} />
          </a>
          {environment.protection.readOnly && (
            <span className="chip" data-tone="attention">
              {texts.readOnly}
            </span>
          )}
        </div>
        <span className="where clip" title={url}>
          {standing.product}
          {environment.connection.engine !== 'sqlite' &&
            environment.connection.ssh !== undefined &&
            texts.through(environment.connection.ssh.host)}
          {` · ${url.replace(/^[a-z]+:(\/\/)?/, '')}`}
        </span>
      </div>
      {activeRun === null ? (
        <StandingCells summary={summary} standing={standing} />
      ) : (
        <div className="running">
          <ActiveRun id={activeRun} />
        </div>
      )}
      <LastCells summary={summary} />
      <RowActions summary={summary} standing={standing} />
    </li>
  );
});

function StandingCells({ summary, standing }: { summary: EnvironmentSummary; standing: Standing }) {
  const { known, problem, loading } = standing;
  if (summary.environment.source === null)
    return <div className="cell wide-cell dim">{texts.noMigrationFolderChosenYet}</div>;
  if (known === null) {
    return (
      <div className="cell wide-cell">
        {problem !== null ? (
          <Failure problem={problem.message} />
        ) : (
          <span className="dim">{loading ? texts.reading : texts.notReadYet}</span>
        )}
      </div>
    );
  }
  return (
    <>
      <div className={problem === null ? 'cell' : 'cell stale'}>
        <span className="hidden-text">{texts.version}</span>
        <span className="mono clip" title={known.current ?? texts.nothingIsApplied}>
          {known.current ?? texts.none}
        </span>
      </div>
      <div className={problem === null ? 'cell' : 'cell stale'}>
        <span className="hidden-text">{texts.pending}</span>
        <span className="row" style={{ gap: 10 }}>
          {known.pending === 0 ? (
            <span className="mark" data-tone="ok">
              <span className="glyph" aria-hidden="true">
                ✓
              </span>
              {texts.upToDate}
            </span>
          ) : (
            <span className="mark strong" data-tone="quiet">
              <span className="glyph" aria-hidden="true">
                ○
              </span>
              {texts.pending2(known.pending)}
            </span>
          )}
        </span>
        {known.attention > 0 && (
          <span className="mark small" data-tone="attention">
            <span className="glyph" aria-hidden="true">
              ▲
            </span>
            {texts.needAttention(known.attention)}
          </span>
        )}
        {problem !== null && <Failure problem={problem.message} lastKnown={known.at} />}
      </div>
    </>
  );
}

function Failure({ problem, lastKnown }: { problem: string; lastKnown?: string }) {
  return (
    <Tooltip label={problem}>
      <span className="mark small" data-tone="danger" {...focusable}>
        <span className="glyph" aria-hidden="true">
          ✕
        </span>
        {lastKnown === undefined ? (
          <span className="clip">{problem}</span>
        ) : (
          <span>
            {texts.lastKnown} <Moment at={lastKnown} />
          </span>
        )}
      </span>
    </Tooltip>
  );
}

function LastCells({ summary: { lastRun, lastBackup } }: { summary: EnvironmentSummary }) {
  return (
    <>
      <div className="cell">
        <span className="hidden-text">{texts.lastRun}</span>
        {lastRun === null ? (
          <span className="dim">{texts.never}</span>
        ) : (
          <a href={formatRoute({ screen: 'run', id: lastRun.id })}>
            <Mark mark={lastRun.outcome === null ? runningMark : outcomeMarks[lastRun.outcome]} />
          </a>
        )}
        {lastRun !== null && (
          <span className="small dim">
            <Age at={lastRun.startedAt} />
          </span>
        )}
      </div>
      <div className="cell">
        <span className="hidden-text">{texts.lastBackup}</span>
        {lastBackup === null ? <span className="dim">{texts.never}</span> : <BackupLadder level={lastBackup.level} />}
        {lastBackup !== null && (
          <span className="small dim">
            <Age at={lastBackup.takenAt} />
          </span>
        )}
      </div>
    </>
  );
}

function RowActions({ summary, standing }: { summary: EnvironmentSummary; standing: Standing }) {
  const { environment, activeRun } = summary;
  const pending = standing.known?.pending ?? 0;
  return (
    <div className="row actions">
      {standing.problem?.code === 'connect.secretMissing' ? (
        <Button variant="default" size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
          {texts.enterPassword}
        </Button>
      ) : (
        pending > 0 &&
        activeRun === null &&
        !environment.protection.readOnly && (
          <Button
            component="a"
            variant="default"
            size="xs"
            href={formatRoute({ screen: 'migrate', id: environment.id, target: { direction: 'up' } })}
          >
            {texts.migrate(pending)}
          </Button>
        )
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={texts.moreFor(environment.name)}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => openDialog({ kind: 'edit', summary })}>
            {texts.edit}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={15} />}
            onClick={() => openDialog({ kind: 'add', url: null, copyOf: summary })}
          >
            {texts.duplicate}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => openDialog({ kind: 'remove', summary })}>
            {texts.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
