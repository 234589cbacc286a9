// What a terminal shows while something long runs, and that a pipe gets nothing of it.

import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgressBar } from './progress-bar.ts';

function terminal(isTTY: boolean): { stream: Writable & { isTTY: boolean; columns: number }; written: () => string } {
  let text = '';
  const stream = new Writable({ write: (chunk, _encoding, done) => {
    text += String(chunk);
    done();
  } });
  return {
    stream: Object.assign(stream, { isTTY, columns: 120 }),
    written: () => {
      // A terminal's own commands (move, clear, hide the cursor) are not what a person reads.
      // oxlint-disable-next-line no-control-regex
      const read = text.replaceAll(/\u001b(\[[0-9?]*[A-Za-z]|[78])/g, '');
      text = '';
      return read;
    },
  };
}

describe('progress on a terminal', () => {
  it('shows the stage, how many of how many, and the time left; then what was done', () => {
    const { stream, written } = terminal(true);
    const progress = createProgressBar(stream);
    progress.stage('Simulating months', 1200);
    progress.at(1100, 'November');
    progress.done('4,321 rows');
    const text = written();
    expect(text).toMatch(/░ Simulating months {2}0\/1,200 {2}\S+ left/);
    expect(text.trimEnd()).toMatch(/✓ Simulating months: 4,321 rows \(\d+\.\d s\)$/);
  });

  it('shows a stage without a known number of steps too, and ends it when another begins', () => {
    const { stream, written } = terminal(true);
    const progress = createProgressBar(stream);
    progress.stage('Comparing pairs');
    progress.at(3);
    expect(written()).toMatch(/^\r {2}\S Comparing pairs $/);
    progress.stage('Weighing pairs', 0);
    expect(written()).toMatch(/^\r {2}\S Weighing pairs $/);
    progress.done();
    expect(written()).toMatch(/✓ Weighing pairs \(\d+\.\d s\)\n$/);
  });

  it('writes nothing into a pipe', () => {
    const { stream, written } = terminal(false);
    const progress = createProgressBar(stream);
    progress.stage('Simulating months', 12);
    progress.at(12);
    progress.done('done');
    expect(written()).toBe('');
  });
});
