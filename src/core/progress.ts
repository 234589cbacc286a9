// What a long piece of work says about itself while it runs. The command line draws it; tests and pipes ignore it.

export interface Progress {
  /** Begins a named stage; `total` is the expected number of steps, where known. */
  stage(name: string, total?: number): void;
  /** Steps done so far in this stage, and what is done now where that has a name. */
  at(done: number, now?: string): void;
  /** Ends the stage with a short count, such as "49,882 rows". */
  done(summary?: string): void;
}

export const silentProgress: Progress = { stage() {}, at() {}, done() {} };
