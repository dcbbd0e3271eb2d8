import type { Caller } from '../caller';
import type { McpEndpoint } from '../mcp-endpoint';

/** One message of an event stream. */
export interface Received {
  id: string;
  message: { id?: unknown; method?: string; params?: Record<string, unknown>; result?: Record<string, unknown> } | undefined;
}

/** A client of the older era that says for each request which endpoint it reaches. */
export class LegacyClient {
  sessionId = '';
  private readonly open: AbortController[] = [];
  private lastId = 0;

  constructor(private readonly caller?: Caller) {}

  async start(endpoint: McpEndpoint): Promise<void> {
    const params = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo: { name: 'test', version: '1' } };
    const { response } = this.post(endpoint, { id: this.nextId(), method: 'initialize', params });
    this.sessionId = (await response).headers.get('mcp-session-id') ?? '';
    await this.post(endpoint, { method: 'notifications/initialized' }).response;
  }

  /** The stream of a call's answer; it stays open until the call is answered, or `leave`. */
  call(endpoint: McpEndpoint, method: string, params: object = {}) {
    return this.post(endpoint, { id: this.nextId(), method, params });
  }

  async result(endpoint: McpEndpoint, method: string, params: object = {}): Promise<Record<string, unknown> | undefined> {
    const received = await collect(await this.call(endpoint, method, params).response);
    return received.find(({ message }) => message?.result)?.message?.result;
  }

  /** The answer to what the server asked. */
  answer(endpoint: McpEndpoint, id: unknown, result: object): Promise<Response> {
    return this.post(endpoint, { id, result }).response;
  }

  /** The stream of what belongs to no call, or, with an id, of what came after that event. */
  listen(endpoint: McpEndpoint, lastEventId?: string) {
    return this.request(endpoint, 'GET', { Accept: 'text/event-stream', ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) });
  }

  end(endpoint: McpEndpoint): Promise<Response> {
    return this.request(endpoint, 'DELETE', {}).response;
  }

  /** Goes away from everything that is open. */
  close(): void {
    for (const each of this.open.splice(0)) each.abort();
  }

  private post(endpoint: McpEndpoint, message: object) {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    return this.request(endpoint, 'POST', headers, JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  private request(endpoint: McpEndpoint, method: string, headers: Record<string, string>, body?: string) {
    const gone = new AbortController();
    this.open.push(gone);
    const session: Record<string, string> = this.sessionId === '' ? {} : { 'Mcp-Session-Id': this.sessionId, 'MCP-Protocol-Version': '2025-11-25' };
    const request = new Request('http://localhost/mcp', { method, headers: { Host: 'localhost', ...session, ...headers }, body: body ?? null, signal: gone.signal });
    return { response: endpoint.fetch(request, this.caller), leave: () => gone.abort() };
  }

  private nextId(): number {
    return ++this.lastId;
  }
}

/** Events as they come. */
export async function* events(response: Response): AsyncGenerator<Received> {
  let text = '';
  for await (const chunk of (response.body ?? new ReadableStream<Uint8Array>()) as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(part)?.[1] ?? '';
      const data = field('data');
      yield { id: field('id'), message: data.startsWith('{') ? (JSON.parse(data) as Received['message']) : undefined };
    }
  }
}

export async function collect(response: Response): Promise<Received[]> {
  const received: Received[] = [];
  for await (const event of events(response)) received.push(event);
  return received;
}

/** The next event that fits, out of a stream that goes on. */
export async function next(stream: AsyncGenerator<Received>, fits: (event: Received) => boolean): Promise<Received> {
  for (let event = await stream.next(); !event.done; event = await stream.next()) if (fits(event.value)) return event.value;
  throw new Error('The stream ended before that.');
}
