import type { EventStore, JSONRPCRequest, LoggingLevel, ServerEventBus } from '@modelcontextprotocol/server';
import type { Caller } from '../caller';

/** What a session is made of: from it another process can go on with it. */
export interface SessionRecord {
  /** The process that has its streams and open calls. */
  owner: string;
  /** The app that opened it and alone may use it; 0 on the open address. */
  app: number;
  /** The client's `initialize`. */
  opening: JSONRPCRequest;
  level?: LoggingLevel;
  /** URIs. */
  subscriptions: string[];
}

export type ForwardedHandler = (request: Request, caller: Caller | undefined) => Promise<Response>;

/** What the processes of this plugin have in common: those of one gateway, or of all of them. */
export interface Sharing {
  /** The name of this process. */
  readonly self: string;
  readonly changes: ServerEventBus;
  /** A key of 32 bytes that all of them have. */
  secret(): Promise<Uint8Array>;
  /** Keeps what it finds for another idle time. */
  find(sessionId: string): Promise<SessionRecord | undefined>;
  save(sessionId: string, record: SessionRecord): Promise<void>;
  remove(sessionId: string): Promise<void>;
  /** Makes this process the owner. False when another one was faster. */
  claim(sessionId: string, record: SessionRecord): Promise<boolean>;
  /** What was sent on the session's streams, for clients that resume them. */
  events(sessionId: string): EventStore;
  /** Has the owner answer. Undefined when there is no such process any more; then nothing has happened. */
  forward(owner: string, request: Request, caller: Caller | undefined): Promise<Response | undefined>;
  /** Answers what others forward. */
  serve(handler: ForwardedHandler): void;
  /** From now on others find that this process has ended, and take its sessions over. */
  leave(): Promise<void>;
  close(): Promise<void>;
}
