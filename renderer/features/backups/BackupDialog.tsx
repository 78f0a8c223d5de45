/** A backup with options: everything, the schema alone, or chosen tables. */
import { NativeSelect, Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { archiveFormats } from '../../../shared/model/backup.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { backend } from '../../connection.ts';
import { formatWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { backupTexts as texts } from './texts.ts';

const coverages = ['everything', 'schema', 'tables'] as const;
type Coverage = (typeof coverages)[number];

export default function BackupDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  const { id, name, connection } = summary.environment;
  const [covers, setCovers] = useState<Coverage>('everything');
  const [text, setText] = useState('');
  const [format, setFormat] = useState('');
  const tables = text.split(/[\s,]+/).filter((table) => table !== '');
  // A copy of its file has all of it or nothing.
  const wholeOnly = connection.engine === 'sqlite';
  const starting = useAction(async () => {
    const chosen = archiveFormats.find((one) => one === format);
    const { run } = await backend().backups.create({
      environmentId: id,
      covers,
      ...(covers === 'tables' ? { tables } : {}),
      ...(chosen === undefined ? {} : { format: chosen }),
    });
    onClose();
    navigate({ screen: 'run', id: run });
  });
  return (
    <DialogForm
      title={<EnvironmentName environment={summary.environment} />}
      size="lg"
      action={starting}
      ready={covers !== 'tables' || tables.length > 0}
      words={{ submit: texts.backUp(name), cancel: texts.cancel }}
      onClose={onClose}
    >
      <Radio.Group
        value={covers}
        onChange={(value) => setCovers(coverages.find((one) => one === value) ?? 'everything')}
        label={texts.whatItCovers}
      >
        <div className="column" style={{ marginTop: 6 }}>
          <Radio value="everything" label={texts.everything} description={texts.theOnlyKindThatEver} />
          <Radio
            value="schema"
            disabled={wholeOnly}
            label={texts.theSchemaAlone}
            description={wholeOnly ? texts.sqlitesBackupIsACopy : texts.definitionsWithoutAnyRowIt}
          />
          <Radio
            value="tables"
            disabled={wholeOnly}
            label={texts.chosenTables}
            description={texts.beforeChangingAFewRows}
          />
        </div>
      </Radio.Group>
      {covers === 'tables' && (
        <Textarea
          label={texts.tables2}
          description={connection.engine === 'postgres' ? texts.nameOrSchemaNameOne : texts.oneALine}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={3}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          required
        />
      )}
      {connection.engine === 'postgres' && (
        <NativeSelect
          label={texts.format}
          value={format}
          onChange={(event) => setFormat(event.currentTarget.value)}
          data={[
            { value: '', label: texts.asTheSettingsSay },
            ...archiveFormats.map((value) => ({ value, label: formatWords[value] })),
          ]}
        />
      )}
    </DialogForm>
  );
}
