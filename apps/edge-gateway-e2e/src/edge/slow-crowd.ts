import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { repository } from '../stack/repository';
import type { SlowKind } from './slow-client';

/** How many there are of each kind, and whom they ask. */
export interface SlowClients {
  clients: Readonly<Record<SlowKind, number>>;
  gatewayUrl: string;
  /** Paths of an endpoint that takes a body, and of one whose answer has no end. */
  paths: { body: string; endless: string };
}

/** What the process of the crowd is told. */
export type CrowdOrder =
  | { open: SlowClients }
  /** To wait for so long until all are closed, and close the others. */
  | { end: { afterMs: number } };

/** How long after its first byte a client was ended by the gateway; negative where it was not. */
export interface ClosedClient {
  kind: SlowKind;
  afterMs: number;
}

const PROGRAM = join(repository, 'apps/edge-gateway-e2e/dist/edge/slow-crowd-main.js');

/** Many slow clients, in a process of their own that goes behind all others, as one on another machine would: what they cost themselves is no work of the gateway's. */
export class SlowCrowd {
  private readonly child: ChildProcess = fork(PROGRAM);

  constructor() {
    if (this.child.pid !== undefined) setPriority(this.child.pid, constants.priority.PRIORITY_LOW);
  }

  open(slowClients: SlowClients): void {
    this.child.send({ open: slowClients } satisfies CrowdOrder);
  }

  /** Resolves when all are closed, by the gateway or after this time. */
  async end(afterMs: number): Promise<ClosedClient[]> {
    this.child.send({ end: { afterMs } } satisfies CrowdOrder);
    const [closed] = (await Promise.race([once(this.child, 'message'), once(this.child, 'exit').then(() => [new Error('The process of slow clients ended.')])])) as [ClosedClient[] | Error];
    if (closed instanceof Error) throw closed;
    return closed;
  }

  /** Ends its process, whatever it is at. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}
