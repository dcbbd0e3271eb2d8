import cluster, { type Worker } from 'node:cluster';
import type { Port } from './peer';

/** A process that answers requests, as the primary has it. */
export interface WorkerProcess {
  readonly id: number;
  readonly pid: number | undefined;
  readonly port: Port;
  /** At once, whatever it is doing. */
  kill(): void;
  onExit(listener: (code: number | null, signal: string | null) => void): void;
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
    onExit: (listener) => void worker.once('exit', listener),
  };
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
