import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import { componentTexts as texts } from './texts.ts';

interface Props {
  /** A new value starts afresh. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface State {
  readonly problem: Problem | null;
  readonly resetKey: string;
}

/** Keeps a failure of one screen on that screen. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return {
      problem: {
        code: 'run.internal',
        message: 'This screen could not be drawn.',
        state: 'Only this screen is concerned: runs that go on continue, and no database was touched by it.',
        hint: 'Draw it again; if it fails again, report it with these details.',
        serverMessage: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      },
    };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { problem: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    const again = (
      <Button size="xs" onClick={() => this.setState({ problem: null })}>
        {texts.drawItAgain}
      </Button>
    );
    return (
      <div className="page">
        <ProblemNotice problem={problem} urgent actions={again} />
      </div>
    );
  }
}
