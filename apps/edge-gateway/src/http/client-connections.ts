import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientConnection, leaveAfter, type Slowness } from './client-connection';
import type { HttpMetrics } from './http-metrics';
import type { LeastPace } from './pace';
import { sendProblem, toProblem } from './problem';
import { requestErrors, statusOf } from './request-errors';
import { newRequestId } from './request-identity';
import type { TrustedProxies } from './trusted-proxies';

const DRAIN_STEP_MS = 25;
/** A request that was sent before the client learned anything has arrived by then. */
const QUIET_MS = 500;

/** The open connections of a server: cuts off slow clients, and sees all of them off in the end. */
export class ClientConnections {
  private readonly open = new Set<ClientConnection>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    server: Server,
    private readonly proxies: TrustedProxies,
    private readonly least: LeastPace,
    private readonly metrics: HttpMetrics,
  ) {
    server.on('connection', (socket) => this.of(socket));
    server.on('close', () => clearInterval(this.timer));
  }

  of(socket: Socket): ClientConnection {
    return ClientConnection.of(socket) ?? this.add(socket);
  }

  /** Looks for slow clients from now on. */
  watch(everyMs: number): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.cutSlow(performance.now()), everyMs);
    this.timer.unref();
  }

  /** What is answered from now on says that it is the last answer. */
  retire(): void {
    for (const { answer } of this.open) if (answer && !answer.headersSent) leaveAfter(answer);
  }

  /** Closes each connection when nothing is asked on it any more. @returns when all are closed, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    for (const deadline = performance.now() + limitMs; this.open.size > 0; await sleep(DRAIN_STEP_MS)) {
      const now = performance.now();
      if (now >= deadline) return;
      for (const connection of this.open) if (connection.idleMs(now) >= QUIET_MS) connection.socket.destroySoon();
    }
  }

  private add(socket: Socket): ClientConnection {
    const connection = new ClientConnection(socket, this.proxies);
    this.open.add(connection);
    this.metrics.connections = this.open.size;
    socket.once('close', () => {
      this.open.delete(connection);
      this.metrics.connections = this.open.size;
    });
    return connection;
  }

  private cutSlow(nowMs: number): void {
    if (this.least.leastBytes === 0) return;
    for (const connection of this.open) {
      const slowness = connection.slowness(nowMs, this.least);
      if (slowness === undefined) continue;
      this.metrics.countCut(slowness);
      cut(connection, slowness);
    }
  }
}

/** Who sends too slowly is told; who does not read cannot be. */
function cut({ socket, answer }: ClientConnection, slowness: Slowness): void {
  // Closed in the ordinary way, the system would go on offering what is not read, and keep it.
  if (slowness === 'answer') return void socket.resetAndDestroy();
  if (!answer || answer.headersSent) return void socket.destroy();
  const error = new requestErrors.tooSlow();
  leaveAfter(answer);
  sendProblem(answer, toProblem(error, newRequestId(), statusOf(error)));
}
