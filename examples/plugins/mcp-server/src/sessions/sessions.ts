import { randomUUID } from 'node:crypto';
import { isInitializeRequest, isJSONRPCRequest, type McpServer } from '@modelcontextprotocol/server';
import type { Caller } from '../caller';
import { answerError, parseBody } from './json-rpc';
import { Session } from './session';
import type { SessionRecord, Sharing } from './sharing';

const SWEEP_MS = 60_000;
/** Between two that claim the same session one may be overtaken; more often is a fault. */
const MOST_TRIES = 3;

export interface SessionsOptions {
  sharing: Sharing;
  sessionIdleMs: number;
  maxSessions: number;
  create: () => McpServer;
  onerror: (error: Error) => void;
}

interface Held {
  session: Promise<Session>;
  usedAt: number;
}

/** The older era: clients open a session and name it in each request, wherever the request arrives. */
export class Sessions {
  /** Those that this process owns, the longest unused first. */
  private readonly held = new Map<string, Held>();
  private readonly sweeper: NodeJS.Timeout;

  constructor(private readonly options: SessionsOptions) {
    options.sharing.serve((request, caller) => this.fetch(request, caller, true));
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** @param forwarded the request comes from another process, and goes no further. */
  async fetch(request: Request, caller: Caller | undefined, forwarded = false): Promise<Response> {
    const sessionId = request.headers.get('mcp-session-id');
    const body = request.method === 'POST' ? await request.arrayBuffer() : undefined;
    const again = () => new Request(request.url, { method: request.method, headers: request.headers, body: body ?? null, signal: request.signal });
    if (sessionId === null) return this.open(again(), parseBody(body), caller);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const record = await this.options.sharing.find(sessionId);
      if (!record || record.app !== (caller?.app ?? 0)) return answerError(404, -32_001, 'Session not found');
      if (record.owner === this.options.sharing.self) return (await this.own(sessionId, record)).fetch(again(), parseBody(body), caller);
      this.release(sessionId);
      if (forwarded) break;
      const answer = await this.options.sharing.forward(record.owner, again(), caller);
      if (answer) return answer;
      await this.options.sharing.claim(sessionId, record);
    }
    return answerError(503, -32_000, 'The session is moving to another process; try again');
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await Promise.all([...this.held.keys()].map((sessionId) => this.release(sessionId)));
  }

  /** A request without a session: opens one, or is refused by a server that was not opened. */
  private async open(request: Request, message: unknown, caller: Caller | undefined): Promise<Response> {
    const { sharing } = this.options;
    const id = randomUUID();
    const session = await this.start(id, undefined);
    const response = await session.fetch(request, message, caller);
    if (!response.ok || !isJSONRPCRequest(message) || !isInitializeRequest(message)) {
      await session.close();
      return response;
    }
    session.record = { owner: sharing.self, app: caller?.app ?? 0, opening: message, subscriptions: [] };
    await session.save();
    await this.makeRoom();
    this.held.set(id, { session: Promise.resolve(session), usedAt: Date.now() });
    return response;
  }

  /** The session in this process, made again from its record when it was somewhere else before. */
  private own(sessionId: string, record: SessionRecord): Promise<Session> {
    const session = this.held.get(sessionId)?.session ?? this.start(sessionId, record);
    this.held.delete(sessionId);
    this.held.set(sessionId, { session, usedAt: Date.now() });
    session.catch(() => this.held.delete(sessionId));
    return session;
  }

  private start(id: string, record: SessionRecord | undefined): Promise<Session> {
    const { create, sharing, onerror } = this.options;
    return Session.start({ id, record, server: create(), sharing, onerror, onClosed: () => void this.release(id) });
  }

  private async makeRoom(): Promise<void> {
    const [oldest] = this.held.keys();
    if (this.held.size < this.options.maxSessions || oldest === undefined) return;
    await this.options.sharing.remove(oldest);
    await this.release(oldest);
  }

  private sweep(): void {
    for (const [sessionId, { usedAt }] of this.held) if (Date.now() - usedAt > this.options.sessionIdleMs) void this.release(sessionId);
  }

  private async release(sessionId: string): Promise<void> {
    const held = this.held.get(sessionId);
    this.held.delete(sessionId);
    await held?.session.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}
