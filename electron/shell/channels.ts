/** Between main process and preload script. */
export const channels = {
  hello: 'lockkeeper:hello',
  port: 'lockkeeper:port',
  command: 'lockkeeper:command',
  /** A screen to show, as the page's fragment. */
  show: 'lockkeeper:show',
} as const;

/** Between preload script and page: the `type` of messages posted to the window. */
export const pageMessages = {
  hello: 'lockkeeper:hello',
  port: 'lockkeeper:port',
  command: 'lockkeeper:command',
} as const;
