/** On which copy a plan is to be rehearsed, and what making it may need. */
import { Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { CopyAcceptances } from './CopyAcceptances.tsx';
import { rehearsalTexts as texts } from './texts.ts';
import { type RehearsalOptions, usualOptions } from './useRehearsing.ts';

const choices = ['newest', 'new', 'schema', 'tables'] as const;
type Choice = (typeof choices)[number];

interface RehearseDialogProps {
  readonly environment: Environment;
  readonly onClose: () => void;
  readonly onStart: (options: RehearsalOptions) => void;
}

export default function RehearseDialog({ environment, onClose, onStart }: RehearseDialogProps) {
  const [choice, setChoice] = useState<Choice>('newest');
  const [text, setText] = useState('');
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const tables = text.split(/[\s,]+/).filter((table) => table !== '');
  const isFile = environment.connection.engine === 'sqlite';
  return (
    <DialogForm
      title={<EnvironmentName environment={environment} />}
      size="lg"
      action={{ run: () => onStart(optionsOf(choice, tables, [...accepted])) }}
      ready={choice !== 'tables' || tables.length > 0}
      words={{ submit: texts.rehearse, cancel: texts.cancel }}
      onClose={onClose}
    >
      <Radio.Group
        value={choice}
        onChange={(value) => setChoice(choices.find((one) => one === value) ?? 'newest')}
        label={texts.rehearseOn}
      >
        <div className="column" style={{ marginTop: 6 }}>
          <Radio
            value="newest"
            label={isFile ? texts.aCopyOfTheFile : texts.theNewestBackupRestored}
            description={isFile ? texts.withAllRowsAsThey : texts.restoringProvesItTooWhere}
          />
          {!isFile && <Radio value="new" label={texts.aNewBackupRestored} description={texts.withTheRowsAsThey} />}
          <Radio value="schema" label={texts.theSchemaAlone} description={texts.quickWhatDependsOnRows} />
          <Radio value="tables" label={texts.theSchemaAndTheRows} description={texts.whereTheWholeIsToo} />
        </div>
      </Radio.Group>
      {choice === 'tables' && (
        <Textarea
          label={texts.tables}
          description={environment.connection.engine === 'postgres' ? texts.nameOrSchemaNameOne : texts.oneALine}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={3}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          required
        />
      )}
      {!isFile && <CopyAcceptances accepted={accepted} onChange={setAccepted} />}
    </DialogForm>
  );
}

function optionsOf(choice: Choice, tables: readonly string[], accept: readonly string[]): RehearsalOptions {
  switch (choice) {
    case 'newest':
      return { ...usualOptions, accept };
    case 'new':
      return { ...usualOptions, newBackup: 'always', accept };
    case 'schema':
      return { copy: 'schema', newBackup: 'never', tables: null, accept };
    case 'tables':
      return { copy: 'auto', newBackup: 'never', tables, accept };
  }
}
