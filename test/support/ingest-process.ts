// Loads files in a process of its own, to be killed at any moment: node ingest-process.ts HOME FEED FILE…

import { fixedClock } from '../../src/core/index.ts';
import { ingestFiles } from '../../src/ingest/index.ts';
import { homeAt } from '../../src/store/index.ts';

const [dir = '', feed = '', ...files] = process.argv.slice(2);
const home = homeAt(dir, { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 2 });
console.log('started');
await ingestFiles(home, feed, files, { clock: fixedClock('2026-11-24T09:00:00Z') });
