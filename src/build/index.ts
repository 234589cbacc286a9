// From loaded files to one complete snapshot: standardise, link, make people and places, pseudonymise, write, swap.
export { buildSnapshot, type BuildOptions, type BuildResult, type Classification } from './build.ts';
export { codeVersion } from './code-version.ts';
export { cellResolution } from './locate.ts';
export { openHeldPeople, readRecordFeeds, type HeldPeople } from './held-people.ts';
export { openPeopleSearch } from './search-people.ts';
export { openKeyHistory } from './keep-keys.ts';
