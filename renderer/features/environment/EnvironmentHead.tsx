import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArchive,
  IconArrowsLeftRight,
  IconCopy,
  IconDots,
  IconPencil,
  IconRefresh,
  IconTransfer,
  IconTrash,
} from '@tabler/icons-react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { StatusReport } from '../../../shared/model/status.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { type Resource, refreshShown, useResource } from '../../resources.ts';
import { type EnvironmentTab, formatRoute } from '../../router.ts';
import { engineWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { openDialog } from '../environments/dialogs.ts';
import { shortVersion } from '../environments/standing.ts';
import { usualOptions } from '../rehearsal/useRehearsing.ts';
import { environmentTexts as texts } from './texts.ts';

interface EnvironmentHeadProps {
  readonly summary: EnvironmentSummary;
  readonly status: Resource<StatusReport>;
}

export function EnvironmentHead({ summary, status }: EnvironmentHeadProps) {
  const { environment, activeRun } = summary;
  const plan = useResource(
    environment.source === null ? null : readings.plan(environment.id, { direction: 'up' }),
  ).data;
  const steps = plan?.steps.length ?? 0;
  const backingUp = useAction(async () => {
    const { run } = await backend().backups.create({ environmentId: environment.id });
    navigate({ screen: 'run', id: run });
  });
  const migrate = (): void => navigate({ screen: 'migrate', id: environment.id, target: { direction: 'up' } });
  useCommand('environment.migrate', migrate, {
    enabled: steps > 0 && activeRun === null,
    title: texts.backUpAndMigrateOn(steps, environment.name),
    environment,
  });
  const rehearsing = useAction(async () => {
    const asked = { ...usualOptions, tables: null, accept: [] };
    const target = { direction: 'up' } as const;
    const { run } = await backend().rehearsals.start({ environmentId: environment.id, target, ...asked });
    navigate({ screen: 'run', id: run });
  });
  useCommand('environment.rehearse', rehearsing.run, {
    enabled: steps > 0 && activeRun === null,
    title: texts.rehearseOnACopyOf(steps, environment.name),
    environment,
  });
  useCommand('environment.backup', backingUp.run, {
    enabled: activeRun === null,
    title: texts.backUpOnly(environment.name),
    environment,
  });
  const openTab = (tab: EnvironmentTab) => () =>
    navigate({ screen: 'environment', id: environment.id, tab, run: null });
  useCommand('environment.attention', openTab('attention'), {
    title: texts.verifyTheHistoryOf(environment.name),
    environment,
  });
  useCommand('environment.backups', openTab('backups'), {
    title: texts.showTheBackupsOf(environment.name),
    environment,
  });
  useCommand('environment.trust', () => navigate({ screen: 'trust', id: environment.id }), {
    enabled: status.data !== null && status.data.trust !== null,
    title: texts.readAndTrustThePrograms(environment.name),
    environment,
  });
  useCommand('environment.connect', () => navigate({ screen: 'connect', id: environment.id }), {
    title: texts.compareTheFolderOfWith(environment.name),
    environment,
  });
  useCommand('environment.adopt', () => navigate({ screen: 'adopt', id: environment.id, wanted: null }), {
    enabled: environment.source !== null,
    title: texts.moveTheHistoryOfTo(environment.name),
    environment,
  });
  useCommand('environment.edit', () => openDialog({ kind: 'edit', summary }), {
    title: texts.edit3(environment.name),
    environment,
  });
  return (
    <>
      <EnvironmentBanner environment={environment} where={<Where summary={summary} status={status.data} />}>
        {environment.protection.readOnly && (
          <span className="chip" data-tone="attention">
            {texts.readOnly}
          </span>
        )}
        {status.data !== null && (
          <span className="small dim">
            {texts.read} <Moment at={status.data.readAt} />
          </span>
        )}
        <ActionIcon size="lg" aria-label={texts.refreshF} loading={status.loading} onClick={refreshShown}>
          <IconRefresh size={18} />
        </ActionIcon>
        {activeRun === null ? (
          <>
            <Button
              variant="default"
              leftSection={<IconArchive size={16} />}
              loading={backingUp.busy}
              onClick={backingUp.run}
            >
              {texts.backUp}
            </Button>
            {steps > 0 && <Button onClick={migrate}>{texts.backUpAndMigrate(steps)}</Button>}
          </>
        ) : (
          <Button component="a" href={formatRoute({ screen: 'run', id: activeRun })}>
            {texts.watchTheRun}
          </Button>
        )}
        <MoreMenu summary={summary} />
      </EnvironmentBanner>
      {backingUp.problem !== null && <ProblemNotice problem={backingUp.problem} urgent />}
      {rehearsing.problem !== null && <ProblemNotice problem={rehearsing.problem} urgent />}
    </>
  );
}

function Where({ summary, status }: { summary: EnvironmentSummary; status: StatusReport | null }) {
  const { environment, url } = summary;
  if (status === null)
    return (
      <>
        {engineWords[environment.connection.engine]} · {url}
      </>
    );
  return (
    <>
      <span title={status.serverVersion}>
        {status.product} {shortVersion(status.serverVersion)}
      </span>{' '}
      {filled(texts.databaseIn, { database: <strong>{status.database}</strong>, url, tool: status.tool })}{' '}
      <span className="mono">{status.historyTable}</span>
    </>
  );
}

function MoreMenu({ summary }: { summary: EnvironmentSummary }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={texts.moreFor(summary.environment.name)}>
          <IconDots size={18} />
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
        <Menu.Item
          leftSection={<IconArrowsLeftRight size={15} />}
          component="a"
          href={formatRoute({ screen: 'connect', id: summary.environment.id })}
        >
          {texts.compareFolderAndDatabase}
        </Menu.Item>
        {summary.environment.source !== null && (
          <Menu.Item
            leftSection={<IconTransfer size={15} />}
            component="a"
            href={formatRoute({ screen: 'adopt', id: summary.environment.id, wanted: null })}
          >
            {texts.moveTheHistoryToAnother}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => openDialog({ kind: 'remove', summary })}>
          {texts.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
