// Vitest's set-up of each test file: the folders that it makes are taken away when its tests have ended.

import { afterAll } from 'vitest';
import { removeMadeFolders } from './made-folders.ts';

afterAll(removeMadeFolders);
