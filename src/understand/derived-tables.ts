// Every table that the questions of this room need from a build, in the order in which to make them: a later one may read an earlier one.

import type { DerivedTable } from '../core/index.ts';
import { demandCubes } from './demand-cube.sql.ts';
import { repeatCubes } from './repeat-cube.sql.ts';
import { qualityTables } from './silent-stretches.sql.ts';

export const derivedTables: readonly DerivedTable[] = [...demandCubes, ...repeatCubes, ...qualityTables];
