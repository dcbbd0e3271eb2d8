import { randomUUID } from 'node:crypto';
import { OpenSessionResponse_CloseReason as CloseReason } from '@sluice/contracts/plugin';
import { messageOf } from '../server/author-error';
import type { CancellableCall } from '../server/call-signal';

/** Reasons that mean the host is done with the plugin; any other text is a complaint. */
const ORDERLY_REASONS: ReadonlySet<string> = new Set(['unload', 'shutdown']);
const DEFAULT_TIMEOUT_MS = 30_000;

export interface SessionAnswer {
  success: boolean;
  errorMessage?: string;
  sessionId?: string;
  closeReason: CloseReason;
}

export interface SessionHooks {
  /** Makes sure that the host's services can be called. */
  connect(): Promise<unknown>;
  /** After the first connection: once in the life of the process. */
  ready(): Promise<void>;
  closing(reason: string): Promise<void>;
}

/** The host keeps one `OpenSession` call outstanding for as long as it wants the plugin to work. */
export class Session {
  private readonly outstanding = new Set<(reason: CloseReason) => void>();
  private readied = false;

  constructor(private readonly hooks: SessionHooks) {}

  /** Resolves when the session ends: by its timeout, by `close`, or because its caller is gone. */
  async open(timeoutMs: number, caller: CancellableCall): Promise<SessionAnswer> {
    const ended = this.untilEnd(timeoutMs > 0 ? timeoutMs : DEFAULT_TIMEOUT_MS, caller);
    try {
      await this.hooks.connect();
    } catch (error) {
      ended.cancel();
      return { success: false, errorMessage: messageOf(error), closeReason: CloseReason.UNKNOWN };
    }
    if (!this.readied) {
      this.readied = true;
      void this.hooks.ready();
    }
    return { success: true, sessionId: randomUUID(), closeReason: await ended.reason };
  }

  async close(reason: string): Promise<void> {
    await this.hooks.closing(reason);
    const closeReason = ORDERLY_REASONS.has(reason) ? CloseReason.EXPLICIT_CLOSE : CloseReason.PLUGIN_ERROR;
    for (const end of [...this.outstanding]) end(closeReason);
  }

  private untilEnd(timeoutMs: number, caller: CancellableCall): { reason: Promise<CloseReason>; cancel: () => void } {
    let end: (reason: CloseReason) => void = () => undefined;
    const reason = new Promise<CloseReason>((resolve) => {
      const timer = setTimeout(() => end(CloseReason.TIMEOUT), timeoutMs);
      end = (closeReason) => {
        clearTimeout(timer);
        this.outstanding.delete(end);
        resolve(closeReason);
      };
    });
    this.outstanding.add(end);
    caller.on('cancelled', () => end(CloseReason.UNKNOWN));
    return { reason, cancel: () => end(CloseReason.UNKNOWN) };
  }
}
