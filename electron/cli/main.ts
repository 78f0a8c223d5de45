import { runCommandLine } from './program.ts';

// A reader such as `head` may close the pipe early: nothing more to say, and nothing to complain about.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommandLine(process.argv.slice(2));
