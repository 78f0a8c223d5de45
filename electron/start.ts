/** `npm start`. What it starts is compiled once: its window or server opens the sooner. */
import { keepCompiledCode } from './compileCache.ts';

keepCompiledCode();
await import('./startShell.ts');
