import type { Agent, Dispatcher } from 'undici';
import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';

const MAX_REDIRECTS = 5;
const TIMEOUTS = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'TimeoutError'];

export type RegistryResponse = Dispatcher.ResponseData;

/** GET requests to a registry and to where it redirects. Credentials stay with the origin they were meant for. */
export class RegistryHttp {
  private agent: Agent | undefined;
  private closed = false;

  constructor(private readonly limits: Pick<OciLimits, 'answerMs' | 'silenceMs'>) {}

  /** The answer that redirects lead to, whatever its status. Its body has to be read or dumped. */
  async get(start: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<RegistryResponse> {
    const first = new URL(start);
    let url = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const { authorization, ...anyone } = headers;
      const sent = authorization === undefined || url.origin !== first.origin ? anyone : headers;
      const response = await this.send(url, sent, signal);
      const { location } = response.headers;
      if (response.statusCode === 401 && url.origin !== first.origin) await this.refuseForeignLogin(response, first, url);
      if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string') return response;
      await response.body.dump();
      url = this.follow(url, location);
      if (first.protocol === 'https:' && url.protocol !== 'https:') {
        throw new ociErrors.registryFailed({ from: first.host, to: url.host }, { detail: `The registry ${first.host} redirects to ${url.host} without encryption; that is refused.` });
      }
    }
    throw new ociErrors.registryFailed({ registry: first.host }, { detail: `The registry ${first.host} redirects more than ${MAX_REDIRECTS} times.` });
  }

  /** The body, at most `maxBytes` of it. Throws `oci.tooLarge`. */
  async read(response: RegistryResponse, host: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) throw new ociErrors.tooLarge({ host, maxBytes }, { detail: `The registry ${host} sends more than the ${maxBytes} bytes that a manifest may have here.` });
        chunks.push(chunk);
      }
    } catch (error) {
      throw registryError(error, host, signal, 'body');
    }
    return Buffer.concat(chunks);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.agent?.destroy();
  }

  /** Where to log in is for the registry to say: whoever it redirects to could name a token server of their own, and be sent its credentials. */
  private async refuseForeignLogin(response: RegistryResponse, first: URL, { host }: URL): Promise<never> {
    await response.body.dump();
    throw new ociErrors.accessDenied({ from: first.host, to: host }, { detail: `The registry ${first.host} redirects to ${host}, which asks for a login; credentials go to the registry only.` });
  }

  private follow(from: URL, location: string): URL {
    try {
      const to = new URL(location, from);
      if (!/^https?:$/.test(to.protocol)) throw new TypeError(`${to.protocol} is not HTTP.`);
      to.username = to.password = '';
      return to;
    } catch (error) {
      throw new ociErrors.registryFailed({ location }, { detail: `The registry ${from.host} redirects to something that is not an address.`, cause: error });
    }
  }

  private async send(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<RegistryResponse> {
    // Only who takes plugins from registries needs it.
    const { Agent, request } = await import('undici');
    if (this.closed) throw new ociErrors.registryUnreachable({ host: url.host }, { detail: `The registry ${url.host} is not asked any more, for this process is ending.` });
    const { answerMs, silenceMs } = this.limits;
    this.agent ??= new Agent({ connections: 4, connect: { timeout: answerMs }, headersTimeout: answerMs, bodyTimeout: silenceMs });
    try {
      return await request(url, { dispatcher: this.agent, headers: { ...headers, 'user-agent': 'sluice' }, signal });
    } catch (error) {
      throw registryError(error, url.host, signal, 'head');
    }
  }
}

/** What a failed exchange means, as an error of the catalogue; the caller's own cancellation stays what it is. */
export function registryError(error: unknown, host: string, signal: AbortSignal, during: 'head' | 'body'): unknown {
  const { code = '', name = '', message = '' } = error as { code?: string; name?: string; message?: string };
  if (name === 'SluiceError') return error;
  const timedOut = signal.aborted ? (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError' : TIMEOUTS.includes(code) || TIMEOUTS.includes(name);
  if (timedOut) return new ociErrors.registryTimedOut({ host }, { detail: `The registry ${host} did not ${during === 'head' ? 'answer' : 'send everything'} in time.`, cause: error });
  if (signal.aborted) return signal.reason;
  if (during === 'body') return new ociErrors.truncated({ host }, { detail: `The connection to the registry ${host} broke off in the middle of an answer.`, cause: error });
  return new ociErrors.registryUnreachable({ host }, { detail: `The registry ${host} is out of reach (${message || code || 'no connection'}).`, cause: error });
}
