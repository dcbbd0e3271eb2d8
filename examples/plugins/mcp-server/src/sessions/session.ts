import { type JSONRPCMessage, type McpServer, type ServerEvent, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { authInfoOf, type Caller } from '../caller';
import type { SessionRecord, Sharing } from './sharing';

const RETRY_MS = 1_000;

export interface SessionParts {
  id: string;
  server: McpServer;
  sharing: Sharing;
  /** Undefined until the client has opened the session. */
  record: SessionRecord | undefined;
  onerror: (error: Error) => void;
  onClosed: () => void;
}

/** One session of the older era: its server, its streams, and what is written down about it. */
export class Session {
  record: SessionRecord | undefined;
  private readonly transport: WebStandardStreamableHTTPServerTransport;
  private readonly stopListening: () => void;

  private constructor(private readonly parts: SessionParts) {
    const { id, sharing } = parts;
    this.record = parts.record;
    this.transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      eventStore: sharing.events(id),
      retryInterval: RETRY_MS,
      onsessionclosed: async () => {
        await sharing.remove(id);
        parts.onClosed();
      },
    });
    this.transport.onerror = parts.onerror;
    this.stopListening = sharing.changes.subscribe((event) => this.announce(event));
    this.handleSubscriptions();
  }

  static async start(parts: SessionParts): Promise<Session> {
    const session = new Session(parts);
    await parts.server.connect(session.transport);
    if (parts.record) await session.replay(parts.record);
    return session;
  }

  /** @param message the request's body, when it has one. */
  async fetch(request: Request, message: unknown, caller: Caller | undefined): Promise<Response> {
    const response = await this.transport.handleRequest(request, { authInfo: authInfoOf(caller), ...(message !== undefined && { parsedBody: message }) });
    if (response.ok && this.record && isSetLevel(message)) {
      this.record.level = message.params.level;
      await this.save();
    }
    return response;
  }

  /** Ends its streams and calls here; what is written down stays. */
  async close(): Promise<void> {
    this.stopListening();
    await this.parts.server.close();
  }

  async save(): Promise<void> {
    if (this.record) await this.parts.sharing.save(this.parts.id, this.record);
  }

  /** Brings a fresh server to where the client believes that it is. */
  private async replay({ opening, level }: SessionRecord): Promise<void> {
    await this.tell(opening);
    await this.tell({ jsonrpc: '2.0', method: 'notifications/initialized' });
    if (level) await this.tell({ jsonrpc: '2.0', id: 'level', method: 'logging/setLevel', params: { level } });
  }

  private async tell(message: JSONRPCMessage): Promise<void> {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'Mcp-Session-Id': this.parts.id };
    const response = await this.transport.handleRequest(new Request('http://localhost/', { method: 'POST', headers, body: JSON.stringify(message) }));
    await response.text();
  }

  private handleSubscriptions(): void {
    const { server } = this.parts.server;
    const change = async (subscriptions: (before: string[]) => string[]) => {
      if (this.record) this.record.subscriptions = subscriptions(this.record.subscriptions);
      await this.save();
      return {};
    };
    server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => change((before) => [...new Set([...before, uri])]));
    server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => change((before) => before.filter((other) => other !== uri)));
  }

  private announce(event: ServerEvent): void {
    if (!this.record) return;
    const { server } = this.parts;
    const sent = (): Promise<void> => {
      switch (event.kind) {
        case 'tools_list_changed':
          return server.server.sendToolListChanged();
        case 'prompts_list_changed':
          return server.server.sendPromptListChanged();
        case 'resources_list_changed':
          return server.server.sendResourceListChanged();
        case 'resource_updated':
          return this.record?.subscriptions.includes(event.uri) ? server.server.sendResourceUpdated({ uri: event.uri }) : Promise.resolve();
      }
    };
    sent().catch(this.parts.onerror);
  }
}

function isSetLevel(message: unknown): message is { method: 'logging/setLevel'; params: { level: NonNullable<SessionRecord['level']> } } {
  return typeof message === 'object' && message !== null && 'method' in message && message.method === 'logging/setLevel';
}
