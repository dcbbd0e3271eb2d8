import cluster from 'node:cluster';
import { forkWorker, type WorkerExit } from './worker-process';

describe('a process for a worker', () => {
  it('has ended, once, when it could not be started', async () => {
    // Where there is no such folder nothing starts there.
    cluster.setupPrimary({ cwd: '/no/such/folder' });
    try {
      const worker = forkWorker();
      const exits: WorkerExit[] = [];
      await new Promise<void>((resolve) => worker.onExit((exit) => {
        exits.push(exit);
        resolve();
      }));
      worker.kill();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect([worker.pid, exits.length, exits[0]?.error?.message]).toEqual([undefined, 1, expect.stringContaining('ENOENT')]);
    } finally {
      cluster.setupPrimary({ cwd: undefined });
    }
  });
});
