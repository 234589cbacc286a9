import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, takeLock, text } from '../store/index.ts';
import { dedupeFiles, type DedupeOptions } from './index.ts';

let dir: string;
let kept: string;
beforeEach(() => {
  dir = newFolder('kept');
  kept = join(dir, 'kept');
});

const early = [
  '1,Margaret,Thompson,1961-04-17,FM1 2AB', '2,Peggy,Thompson,1961-04-17,FM1 2AB', '3,Daniel,Hughes,2004-09-02,FM3 4CD', '4,Daniel,Hughes,2004-09-20,FM3 4CD',
  '5,Imran,Hussain,1990-12-25,FM2 1AA', '6,Susan,Walker,1978-01-30,FM9 9ZZ', '7,Susan,Walker,1978-01-30,FM9 9ZZ', '8,Patricia,Evans,1955-06-08,FM5 5EE',
];
const late = ['9,Imran,Husain,1990-12-25,FM2 1AA', '10,Oliver,Marsh,2010-03-04,FM7 7AA'];
const headings = 'ref,given,family,born,home';
const write = (name: string, rows: string[], heading = headings) => {
  writeFileSync(join(dir, name), [heading, ...rows, ''].join('\n'));
  return join(dir, name);
};
const link = (file: string, options: Partial<DedupeOptions> = {}) => dedupeFiles({ files: [file], idColumn: 'ref', out: join(dir, 'out'), memoryLimit: '1GB', keepFolder: kept, ...options });

let first: ReturnType<typeof link> | undefined;
const firstFolder = newFolder('kept-first');
/** The early records linked and kept: once, and copied for each test that goes on from them. */
async function begin(): ReturnType<typeof link> {
  first ??= link(write('early.csv', early), { keepFolder: join(firstFolder, 'kept'), out: join(firstFolder, 'out') });
  const result = await first;
  cpSync(join(firstFolder, 'kept'), kept, { recursive: true });
  return result;
}

async function rowsOf<T>(file: string): Promise<T[]> {
  const duck = await openDuck();
  try {
    return await duck.rows<T>(`SELECT * FROM ${text(file)}`);
  } finally {
    duck.close();
  }
}
const clustersOf = async (file: string) => new Map((await rowsOf<{ id: string; cluster: string }>(file)).map(({ id, cluster }) => [id, cluster]));

describe('a kept linkage', () => {
  it('is joined by the records that come later, and only theirs are compared', async () => {
    const first = await begin();
    expect(first.joined).toBeUndefined();
    const before = await clustersOf(first.files.clusters);
    const result = await link(write('all.csv', [...early, ...late]));
    // The new record of Imran, the one that he had, and somebody new.
    expect(result).toMatchObject({ records: 10, people: first.people + 1, joined: { changed: 2, grouped: 3 } });
    const after = await clustersOf(result.files.clusters);
    expect(after.get('9')).toBe(after.get('5'));
    for (const [id, cluster] of before) expect(after.get(id)).toBe(cluster);
    expect((await rowsOf<{ id_l: string; id_r: string }>(result.files.pairs)).map(({ id_l, id_r }) => [id_l, id_r].toSorted())).toEqual([['5', '9']]);
    expect(readdirSync(kept).toSorted()).toEqual(['kept-linkage.json', 'linkage-2']);
  });

  it('lets go of records that are gone, and changes nobody where nothing has changed', async () => {
    await link(write('all.csv', [...early, ...late]));
    const fewer = await link(write('fewer.csv', [...early.slice(1), ...late]));
    expect(fewer.joined).toEqual({ changed: 0, grouped: 1 });
    expect([...(await clustersOf(fewer.files.clusters)).keys()].toSorted()).toEqual(['10', '2', '3', '4', '5', '6', '7', '8', '9']);
    const again = await link(write('fewer.csv', [...early.slice(1), ...late]));
    expect(again).toMatchObject({ candidatePairs: 0, joined: { changed: 0, grouped: 0 }, people: fewer.people });
  });

  it('gives scores of clusters alone where records join, since most pairs were compared before', async () => {
    const known = (rows: string[]) => rows.map((row) => `${row},${row.split(',')[2]!.slice(0, 3)}`);
    const options = { truthColumn: 'who' };
    expect(await link(write('early.csv', known(early), `${headings},who`), options)).toHaveProperty('pairs.f1', 1);
    const joined = await link(write('all.csv', known([...early, ...late]), `${headings},who`), options);
    expect(joined).toHaveProperty('clusters.f1', 1);
    expect(joined).not.toHaveProperty('pairs');
  });

  it('is left as it was by a run that fails', async () => {
    await begin();
    const held = readFileSync(join(kept, 'kept-linkage.json'), 'utf8');
    await expect(link(write('twice.csv', [...early, early[0]!]))).rejects.toMatchObject({ kind: 'badInput' });
    expect(readFileSync(join(kept, 'kept-linkage.json'), 'utf8')).toBe(held);
    expect(readdirSync(kept).toSorted()).toEqual(['kept-linkage.json', 'linkage-1']);
    expect((await link(write('early.csv', early))).joined).toEqual({ changed: 0, grouped: 0 });
  });

  it('is not begun where there is nothing to compare', async () => {
    await link(write('one.csv', early.slice(0, 1)));
    expect(existsSync(join(kept, 'kept-linkage.json'))).toBe(false);
  });

  it('is refused to records of other columns, another id and another threshold', async () => {
    await begin();
    const renamed = write('renamed.csv', early, headings.replace('family', 'name'));
    await expect(link(renamed)).rejects.toThrow('no column "family"');
    await expect(link(write('early.csv', early), { sourceColumn: 'home' })).rejects.toThrow('knows its records by "ref", not by "home" and "ref"');
    await expect(link(write('early.csv', early), { threshold: 0.9 })).rejects.toThrow('from a probability of 0.5, not 0.9');
  });

  it('says what it cannot do', async () => {
    const file = write('early.csv', early);
    await expect(link(file, { link: 'link' })).rejects.toMatchObject({ kind: 'usage', details: { where: '--keep, --link' } });
    await expect(link(file, { fromHome: { keys: [], aside: join(dir, 'aside') } })).rejects.toMatchObject({ kind: 'usage', details: { where: '--keep, --home' } });
    await begin();
    await expect(link(file, { measures: true })).rejects.toMatchObject({ kind: 'usage', details: { where: '--keep, --measures' } });
    const release = takeLock(kept, 'kept-linkage');
    await expect(link(file)).rejects.toMatchObject({ kind: 'busy' });
    release();
    writeFileSync(join(kept, 'kept-linkage.json'), '{"state": "../elsewhere"}');
    await expect(link(file)).rejects.toThrow('cannot be read from kept-linkage.json');
    // What cannot be read is not taken for nothing: its state is still there.
    expect(readdirSync(kept)).toContain('linkage-1');
  });
});
