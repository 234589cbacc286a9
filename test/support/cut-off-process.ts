// Changes a home's key, backs it up or restores it in a process of its own that dies without warning at a given step of its progress:
// node cut-off-process.ts STEP rotate HOME | backup HOME FILE | restore FILE DIR KEY-FILE

import type { Progress } from '../../src/core/index.ts';
import { backUpHome, openHome, readKeyFile, restoreHome, rotateKeys } from '../../src/store/index.ts';

const [step = '', work = '', ...places] = process.argv.slice(2);
let steps = 0;
const progress: Progress = {
  stage: () => undefined,
  at: () => {
    steps += 1;
    if (steps === Number(step)) process.kill(process.pid, 'SIGKILL');
  },
  done: () => undefined,
};
const [first = '', second = '', third = ''] = places;
if (work === 'rotate') rotateKeys(openHome(first), progress);
if (work === 'backup') await backUpHome(openHome(first), { file: second, withoutLanding: false, about: { backup: 'cut-off', madeAt: '2026-11-24T09:00:00Z', version: '0.0.0', snapshot: null }, progress });
if (work === 'restore') await restoreHome(first, second, { keys: [readKeyFile(third)], progress });
console.log(steps);
