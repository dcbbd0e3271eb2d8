import cluster, { type Worker } from 'node:cluster';
import type { Port } from './peer';

/** How a process ended; `error` when it never was one. */
export interface WorkerExit {
  code: number | null;
  signal: string | null;
  error?: Error;
}

/** A process that answers requests, as the primary has it. */
export interface WorkerProcess {
  readonly id: number;
  readonly pid: number | undefined;
  readonly port: Port;
  /** At once, whatever it is doing. */
  kill(): void;
  /** Is told once, also of a process that could not be started. */
  onExit(listener: (exit: WorkerExit) => void): void;
}

/** Starts another process of this very program, with this one's settings. */
export function forkWorker(): WorkerProcess {
  // Bytes as they are, and not as JSON.
  cluster.setupPrimary({ serialization: 'advanced' });
  const worker = cluster.fork();
  // What was written to a process that has just ended; its exit is heard anyway.
  worker.on('error', () => undefined);
  return {
    id: worker.id,
    pid: worker.process.pid,
    port: portOf(worker),
    kill: () => void worker.process.kill('SIGKILL'),
    onExit: (listener) => tellExit(worker, listener),
  };
}

function tellExit(worker: Worker, listener: (exit: WorkerExit) => void): void {
  let told = false;
  const tell = (exit: WorkerExit) => {
    if (told) return;
    told = true;
    listener(exit);
  };
  worker.once('exit', (code, signal) => tell({ code, signal }));
  // Without processes or files to spare there is nothing whose exit could come.
  worker.on('error', (error) => worker.process.pid === undefined && tell({ code: null, signal: null, error }));
}

function portOf(worker: Worker): Port {
  return {
    send: (message) => {
      if (worker.isConnected()) worker.send(message as object, () => undefined);
    },
    onMessage: (listener) => void worker.on('message', listener),
  };
}

/** The way to the primary, in a worker. */
export function portToPrimary(): Port {
  return {
    send: (message) => {
      if (process.connected) process.send!(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
  };
}
