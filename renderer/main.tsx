import { MantineProvider } from '@mantine/core';
import { useColorScheme, useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { StrictMode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { connect } from './connection.ts';
import { applyPreferences, usePreferences } from './preferences.ts';
import { cssVariablesResolver, styleNonce, theme } from './theme.ts';
import './styles/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './styles/tokens.css';
import './styles/contrast.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/marks.css';
import './styles/notices.css';
import './styles/shell.css';
import './styles/table.css';

function Root() {
  const chosen = usePreferences((state) => state.theme);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const wantsContrast = useMediaQuery('(prefers-contrast: more)', false, { getInitialValueInEffect: false });
  const contrast = chosen === 'highContrast' || (chosen === 'system' && wantsContrast) ? 'more' : 'usual';
  useLayoutEffect(() => {
    document.documentElement.dataset['contrast'] = contrast;
  }, [contrast]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      getStyleNonce={styleNonce}
      forceColorScheme={chosen === 'light' || chosen === 'dark' ? chosen : system}
    >
      <Notifications position="bottom-right" />
      <App />
    </MantineProvider>
  );
}

// Where the scroll lock of dialogs looks for the nonce of the styles it adds.
Reflect.set(globalThis, '__webpack_nonce__', styleNonce());
applyPreferences(usePreferences.getState());
void connect();
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
