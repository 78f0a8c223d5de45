/** Mantine dressed in the tokens of styles/tokens.css: grey by default, colour for environment or attention. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const ink: MantineColorsTuple = [
  '#f3f5f7',
  '#e6e9ed',
  '#ccd2da',
  '#adb5c1',
  '#8a94a3',
  '#667080',
  '#4a5361',
  '#333b47',
  '#1f252e',
  '#14181f',
];

/** Mantine's names for the greys of a dark page, from text to ground. */
const dark: MantineColorsTuple = [
  '#e9ecf0',
  '#b9c1cc',
  '#929dac',
  '#697484',
  '#3c4553',
  '#272e38',
  '#171b21',
  '#12151a',
  '#0f1216',
  '#0b0d10',
];

/** The main action is the ink of the page, whichever theme: dark on light, light on dark. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input);
  if (input.variant === 'filled' && input.color === 'red')
    return { ...usual, background: 'var(--danger)', hover: 'var(--danger-hover)', color: 'var(--surface)' };
  const isMain = input.variant === 'filled' && (input.color === undefined || input.color === 'ink');
  return isMain
    ? { ...usual, background: 'var(--action)', hover: 'var(--action-hover)', color: 'var(--action-text)' }
    : usual;
};

const systemFonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const fixedFonts =
  'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  autoContrast: true,
  variantColorResolver,
  colors: { ink, dark },
  fontFamily: systemFonts,
  fontFamilyMonospace: fixedFonts,
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  headings: { fontFamily: systemFonts, fontWeight: '620' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        withArrow: false,
        multiline: true,
        maw: 340,
        events: { hover: true, focus: true, touch: false },
      },
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { duration: 120 },
      },
    },
    Drawer: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { duration: 150 },
      },
    },
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false,
        portalProps: { target: '#content' },
        shadow: 'md',
        transitionProps: { duration: 80 },
      },
    },
  },
});

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-anchor': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--text-disabled)',
  '--mantine-color-disabled-border': 'var(--line)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });

/** The value the server put into the page for styles made at run time; none outside a shell. */
export const styleNonce = (): string => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
