// Draws progress on a terminal: the stage, a bar, counts and the time left; where the steps are not known beforehand, the time taken so far. In a pipe it draws nothing.

import cliProgress, { SingleBar } from 'cli-progress';
import type { Writable } from 'node:stream';
import { silentProgress, type Progress } from '../core/index.ts';

const spinFrames = ['-', '\\', '|', '/'];

export function createProgressBar(stream: Writable & { isTTY?: boolean }): Progress {
  if (!stream.isTTY) return silentProgress;
  let bar: SingleBar | undefined;
  let spinner: NodeJS.Timeout | undefined;
  let name = '';
  let started = 0;

  const stop = () => {
    bar?.stop();
    bar = undefined;
    clearInterval(spinner);
    spinner = undefined;
  };
  const spin = () => {
    let frame = 0;
    const draw = () => {
      const taken = Math.floor((performance.now() - started) / 1000);
      stream.write(`\r  ${spinFrames[(frame += 1) % spinFrames.length]} ${name}${taken > 0 ? `  ${taken} s` : ''} `);
    };
    draw();
    spinner = setInterval(draw, 120);
    spinner.unref();
  };
  return {
    stage: (stage, total) => {
      stop();
      name = stage;
      started = performance.now();
      if (total === undefined || total <= 0) return spin();
      bar = new SingleBar({
        stream: stream as NodeJS.WritableStream,
        format: '  {bar} {stage}  {value}/{total}  {eta_formatted} left',
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        hideCursor: true,
        // From all steps so far, and anew while one takes long.
        etaBuffer: 1_000_000,
        etaAsynchronousUpdate: true,
        // Words in place of a number: not known yet.
        formatTime: (left: unknown, options, round) => (typeof left === 'number' ? cliProgress.Format.TimeFormat(left, options, round) : '…'),
        clearOnComplete: true,
        fps: 8,
        formatValue: (value, _options, type) => (type === 'value' || type === 'total' ? value.toLocaleString('en-GB') : String(value)),
      });
      bar.start(total, 0, { stage });
    },
    at: (done, now) => bar?.update(done, now === undefined ? {} : { stage: `${name}: ${now}` }),
    done: (summary) => {
      stop();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      stream.write(`\r\u001b[2K  ✓ ${name}${summary ? `: ${summary}` : ''} (${seconds} s)\n`);
    },
  };
}
