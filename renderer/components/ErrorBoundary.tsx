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
        message: texts.thisScreenCouldNotBe,
        state: texts.onlyThisScreenIsConcerned,
        hint: texts.drawItAgainIfIt,
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
