/** A stand-in of the module `electron`: keeps what it was told, and lets a test play the browser's part. It has no sandbox. */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Every call in order, as `object.method` with its arguments. */
export const calls: { readonly name: string; readonly args: readonly unknown[] }[] = [];

const note =
  (name: string) =>
  (...args: unknown[]): void => {
    calls.push({ name, args });
  };

export const callsOf = (name: string): (readonly unknown[])[] =>
  calls.filter((call) => call.name === name).map(({ args }) => args);

/** Answers of dialogs, taken in order. */
export const answers: { readonly response?: number; readonly filePaths?: readonly string[] }[] = [];

class App extends EventEmitter {
  isPackaged = false;
  hasInstanceLock = true;
  setPath = note('app.setPath');
  exit = note('app.exit');
  requestSingleInstanceLock = (): boolean => this.hasInstanceLock;
  whenReady = (): Promise<void> => Promise.resolve();
  /** As Electron: `before-quit` may prevent it; then every window is asked. */
  quit = (): void => {
    const event = preventable();
    this.emit('before-quit', event);
    calls.push({ name: event.defaultPrevented ? 'quit prevented' : 'quit', args: [] });
  };
}

export const app = new App();
export const ipcMain = new EventEmitter();
export const powerMonitor = new EventEmitter();
export const nativeTheme = { shouldUseDarkColors: true, themeSource: 'system' };
export const shell = { openExternal: async (url: string): Promise<void> => note('shell.openExternal')(url) };
export const powerSaveBlocker = {
  start: (kind: string): number => {
    note('powerSaveBlocker.start')(kind);
    return 7;
  },
  stop: note('powerSaveBlocker.stop'),
};
export const dialog = {
  showErrorBox: note('dialog.showErrorBox'),
  showMessageBox: async (...args: unknown[]): Promise<{ response: number }> => {
    note('dialog.showMessageBox')(...args);
    return { response: answers.shift()?.response ?? 0 };
  },
  showOpenDialog: async (...args: unknown[]): Promise<{ filePaths: readonly string[] }> => {
    note('dialog.showOpenDialog')(...args);
    return { filePaths: answers.shift()?.filePaths ?? [] };
  },
};

/** What a test has connected. */
export const displays: { workArea: { x: number; y: number; width: number; height: number } }[] = [];

class Screen extends EventEmitter {
  getAllDisplays = (): typeof displays => displays;
  getPrimaryDisplay = (): (typeof displays)[number] =>
    displays[0] ?? { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };
}
export const screen = new Screen();

export class Notification extends EventEmitter {
  static shown: Notification[] = [];
  static isSupported = (): boolean => true;
  readonly options: { readonly title: string; readonly body: string };
  show = (): void => void Notification.shown.push(this);

  constructor(options: { readonly title: string; readonly body: string }) {
    super();
    this.options = options;
  }
}

type ProtocolHandler = (request: Request) => Promise<Response>;
export const protocolHandlers = new Map<string, ProtocolHandler>();
export const protocol = {
  registerSchemesAsPrivileged: note('protocol.registerSchemesAsPrivileged'),
  handle: (scheme: string, handler: ProtocolHandler): void => void protocolHandlers.set(scheme, handler),
};

class Session extends EventEmitter {
  setPermissionRequestHandler = note('session.setPermissionRequestHandler');
  setPermissionCheckHandler = note('session.setPermissionCheckHandler');
  setDevicePermissionHandler = note('session.setDevicePermissionHandler');
}

export const session = { defaultSession: new Session() };

export const Menu = {
  buildFromTemplate: (template: unknown): unknown => template,
  setApplicationMenu: note('Menu.setApplicationMenu'),
};

export class WebContents extends EventEmitter {
  send = note('webContents.send');
  setWindowOpenHandler = note('webContents.setWindowOpenHandler');
  reload = note('webContents.reload');
  forcefullyCrashRenderer = note('webContents.forcefullyCrashRenderer');
}

export class BrowserWindow extends EventEmitter {
  static windows: BrowserWindow[] = [];
  static getAllWindows = (): BrowserWindow[] => BrowserWindow.windows;
  /** Whether the person looks at the application. */
  static focused = true;
  static getFocusedWindow = (): BrowserWindow | null =>
    BrowserWindow.focused ? (BrowserWindow.windows[0] ?? null) : null;
  readonly webContents = new WebContents();
  readonly options: unknown;
  show = note('window.show');
  focus = note('window.focus');
  restore = note('window.restore');
  setProgressBar = note('window.setProgressBar');
  setBounds = note('window.setBounds');
  bounds = { x: 100, y: 100, width: 1320, height: 860 };
  getBounds = (): BrowserWindow['bounds'] => this.bounds;
  isMinimized = (): boolean => true;
  isMaximized = (): boolean => false;
  isFullScreen = (): boolean => false;
  isDestroyed = (): boolean => false;
  loadURL = async (url: string): Promise<void> => note('window.loadURL')(url);

  constructor(options: unknown) {
    super();
    this.options = options;
    BrowserWindow.windows.push(this);
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }
}

/** Electron's ports speak Node's event style and wrap what they receive. */
class MessagePortMain extends EventEmitter {
  readonly port: MessagePort;
  postMessage = (message: unknown): void => this.port.postMessage(message);

  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.on('close', () => this.emit('close'));
  }

  start(): void {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }));
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = port2;
  }
}

export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable(): Preventable {
  const event: Preventable = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

export function forgetAll(): void {
  calls.length = 0;
  answers.length = 0;
  BrowserWindow.windows.length = 0;
  BrowserWindow.focused = true;
  Notification.shown.length = 0;
  displays.length = 0;
  session.defaultSession.removeAllListeners();
  powerMonitor.removeAllListeners();
  screen.removeAllListeners();
  app.removeAllListeners();
  ipcMain.removeAllListeners();
}
