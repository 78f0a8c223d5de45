/** On which copy a plan is to be rehearsed, and what making it may need. */
import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { CopyAcceptances } from './CopyAcceptances.tsx';
import { type RehearsalOptions, usualOptions } from './useRehearsing.ts';

const choices = ['newest', 'new', 'schema', 'tables'] as const;
type Choice = (typeof choices)[number];

interface RehearseDialogProps {
  readonly environment: Environment;
  readonly onClose: () => void;
  readonly onStart: (options: RehearsalOptions) => void;
}

export default function RehearseDialog({ environment, onClose, onStart }: RehearseDialogProps) {
  useReturnFocus();
  const [choice, setChoice] = useState<Choice>('newest');
  const [text, setText] = useState('');
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const tables = text.split(/[\s,]+/).filter((table) => table !== '');
  const isFile = environment.connection.engine === 'sqlite';
  return (
    <Modal opened onClose={onClose} size="lg" title={<EnvironmentName environment={environment} />}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          onStart(optionsOf(choice, tables, [...accepted]));
        }}
      >
        <Radio.Group
          value={choice}
          onChange={(value) => setChoice(choices.find((one) => one === value) ?? 'newest')}
          label="Rehearse on"
        >
          <div className="column" style={{ marginTop: 6 }}>
            <Radio
              value="newest"
              label={isFile ? 'A copy of the file' : 'The newest backup, restored'}
              description={
                isFile
                  ? 'With all rows as they are now.'
                  : 'Restoring proves it, too. Where the database was migrated since, a new one is taken first.'
              }
            />
            {!isFile && (
              <Radio value="new" label="A new backup, restored" description="With the rows as they are now." />
            )}
            <Radio
              value="schema"
              label="The schema alone"
              description="Quick; what depends on rows, and how long it takes with them, is not seen."
            />
            <Radio
              value="tables"
              label="The schema, and the rows of some tables"
              description="Where the whole is too large: at most 100,000 rows of each table."
            />
          </div>
        </Radio.Group>
        {choice === 'tables' && (
          <Textarea
            label="Tables"
            description={
              environment.connection.engine === 'postgres' ? 'name or schema.name, one a line' : 'One a line'
            }
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
        <div className="row">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" className="push" disabled={choice === 'tables' && tables.length === 0}>
            Rehearse
          </Button>
        </div>
      </form>
    </Modal>
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
