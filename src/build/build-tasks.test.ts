import { expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { runTasks, type BuildTask } from './build-tasks.ts';

const inDuck = async (work: (duck: Awaited<ReturnType<typeof openDuck>>) => Promise<void>) => {
  const duck = await openDuck();
  try {
    await work(duck);
  } finally {
    duck.close();
  }
};

it('a task begins when all that it needs are done, the first in the list before others, and no more run than may', () =>
  inDuck(async (duck) => {
    const log: string[] = [];
    let running = 0;
    let most = 0;
    const task = (name: string, needs: string[] = []): BuildTask => ({
      name,
      needs,
      run: async (own) => {
        running += 1;
        most = Math.max(most, running);
        await own.run(`CREATE TABLE ${name} AS SELECT ${needs.length === 0 ? '1 AS n' : `n + 1 AS n FROM ${needs.at(-1)}`}`);
        log.push(name);
        running -= 1;
      },
    });
    const counts: number[] = [];
    await runTasks(duck, [task('a'), task('b', ['a']), task('c'), task('d', ['b', 'c'])], { atOnce: 2, onDone: (done) => counts.push(done) });
    expect(log.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(log.indexOf('b')).toBeGreaterThan(log.indexOf('a'));
    expect(log.at(-1)).toBe('d');
    expect(most).toBe(2);
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(await duck.one('SELECT n FROM d')).toEqual({ n: 2 });
  }));

it('each connection is made ready before its first task', () =>
  inDuck(async (duck) => {
    const read = (name: string): BuildTask => ({ name, needs: [], run: (own) => own.run(`CREATE TABLE ${name} AS SELECT getvariable('key') AS key`) });
    await runTasks(duck, [read('x'), read('y'), read('z')], { atOnce: 2, prepare: (own) => own.run('SET VARIABLE key = 7') });
    expect(await duck.rows('SELECT key FROM x UNION ALL SELECT key FROM y UNION ALL SELECT key FROM z')).toEqual([{ key: 7 }, { key: 7 }, { key: 7 }]);
  }));

it('the first error ends the run: what was running ends first, and nothing begins after it', () =>
  inDuck(async (duck) => {
    const log: string[] = [];
    const failed = Promise.withResolvers<void>();
    const tasks: BuildTask[] = [
      { name: 'fails', needs: [], run: (own) => own.run('SELECT * FROM nowhere').finally(failed.resolve) },
      { name: 'slow', needs: [], run: async (own) => {
        // However fast the machine is, this one is still running when the other fails.
        await failed.promise;
        await own.run('SELECT sum(i) FROM range(3000000) r(i)');
        log.push('slow');
      } },
      { name: 'later', needs: ['fails'], run: async () => void log.push('later') },
      { name: 'last', needs: ['slow'], run: async () => void log.push('last') },
    ];
    await expect(runTasks(duck, tasks, { atOnce: 2 })).rejects.toThrow(/nowhere/);
    expect(log).toEqual(['slow']);
  }));

it('a need that is no task, and tasks that need each other, are a mistake that is named', () =>
  inDuck(async (duck) => {
    const none = async () => undefined;
    await expect(runTasks(duck, [{ name: 'a', needs: ['b'], run: none }], { atOnce: 2 })).rejects.toThrow('a needs b, which is no task');
    await expect(runTasks(duck, [{ name: 'a', needs: ['b'], run: none }, { name: 'b', needs: ['a'], run: none }], { atOnce: 2 })).rejects.toThrow('These need each other: a, b');
  }));
