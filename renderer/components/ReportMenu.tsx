/** Offers the report of a run, a rehearsal or a fleet in each of its formats; a failure is told beside the button. */
import { Button, Menu } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { type ReportFormat, reportFormats } from '../../shared/model/report.ts';
import { backend } from '../connection.ts';
import { saveFile } from '../saveText.ts';
import { useAction } from '../useAction.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import { componentTexts as texts } from './texts.ts';

/** @param id of a run, a rehearsal or a fleet */
export function ReportMenu({ id }: { id: string }) {
  const saving = useAction(async (format: ReportFormat) => {
    const { name, type, base64 } = await backend().runs.report({ id, format });
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    saveFile(name, bytes, type);
  });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconFileDownload size={15} />} loading={saving.busy}>
            {texts.exportReport}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {reportFormats.map((format) => (
            <Menu.Item key={format} onClick={() => saving.run(format)}>
              {texts.reportAs[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
    </>
  );
}
