// Runs the parts of a build in the order that their needs allow, two at a time where there is room: many statements keep only one core busy, so
// that one part's work on people goes on beside another's on events. Each part has its own connection.

import type { Duck } from '../store/index.ts';

export interface BuildTask {
  name: string;
  /** Names of the tasks that must be done before. */
  needs: readonly string[];
  run(duck: Duck): Promise<unknown>;
}

export interface TaskRun {
  /** How many run beside each other. */
  atOnce: number;
  /** Makes a new connection ready, such as by setting its variables. */
  prepare?(duck: Duck): Promise<void>;
  onDone?(done: number): void;
}

/** Runs each task once all that it needs are done; of those that could, the first in the list. The first error ends the run, when what was running has stopped. */
export async function runTasks(duck: Duck, tasks: readonly BuildTask[], { atOnce, prepare, onDone }: TaskRun): Promise<void> {
  const names = new Set(tasks.map(({ name }) => name));
  for (const { name, needs } of tasks) for (const need of needs) if (!names.has(need)) throw new Error(`${name} needs ${need}, which is no task`);
  const waiting = [...tasks];
  const done = new Set<string>();
  const running = new Set<Promise<void>>();
  const idle: Duck[] = [];
  const failures: unknown[] = [];
  const start = async (task: BuildTask) => {
    let own = idle.pop();
    try {
      if (!own) {
        own = await duck.fork();
        await prepare?.(own);
      }
      await task.run(own);
      done.add(task.name);
      onDone?.(done.size);
    } catch (error) {
      failures.push(error);
    } finally {
      if (own) idle.push(own);
    }
  };
  const isReady = ({ needs }: BuildTask): boolean => needs.every((need) => done.has(need));
  while (done.size < tasks.length && failures.length === 0) {
    const next = running.size < atOnce ? waiting.findIndex(isReady) : -1;
    if (next === -1) {
      if (running.size === 0) throw new Error(`These need each other: ${waiting.map(({ name }) => name).join(', ')}`);
      await Promise.race(running);
      continue;
    }
    const [task] = waiting.splice(next, 1);
    const run: Promise<void> = start(task!).finally(() => running.delete(run));
    running.add(run);
  }
  await Promise.all(running);
  for (const each of idle) each.close();
  if (failures.length > 0) throw failures[0];
}
