import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
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
import './styles/base.css';
import './styles/shell.css';
import './styles/table.css';

function Root() {
  const chosen = usePreferences((state) => state.theme);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      getStyleNonce={styleNonce}
      forceColorScheme={chosen === 'system' ? system : chosen}
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
