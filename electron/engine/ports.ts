/** What the core needs from outside. Everything that touches a server, a file or a clock stands behind one of these. */
export * from './ports/aftermath.ts';
export * from './ports/clock.ts';
export * from './ports/dialect.ts';
export * from './ports/fault.ts';
export * from './ports/history.ts';
export * from './ports/journal.ts';
export * from './ports/onlineAlter.ts';
export * from './ports/programs.ts';
export * from './ports/scripts.ts';
export * from './ports/session.ts';
