// The command line: one file per command; everything from outside comes in through its context.
export { runCommandLine } from './program.ts';
export { createProgressBar } from './progress-bar.ts';
export type { CheckResult, CliContext, OpenServer, RunningServer } from './context.ts';
