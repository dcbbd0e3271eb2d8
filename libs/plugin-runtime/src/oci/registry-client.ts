import { createHash } from 'node:crypto';
import { DIGEST, sha256 } from './digest';
import type { Descriptor } from './manifest';
import { INDEX_TYPES, MANIFEST_TYPES } from './media-types';
import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';
import { type AuthorizationOptions, RegistryAuthorization } from './registry-authorization';
import { registryError, type RegistryResponse } from './registry-http';

const DOCUMENTS = [...MANIFEST_TYPES, ...INDEX_TYPES].join(', ');

export interface RegistryClientOptions extends AuthorizationOptions {
  limits: OciLimits;
}

export interface FetchedDocument {
  bytes: Buffer;
  /** Of these bytes, computed here. */
  digest: string;
}

/** One repository of a registry, over the distribution API. What comes out was checked against its digest. */
export class RegistryClient {
  private readonly authorization: RegistryAuthorization;

  constructor(private readonly options: RegistryClientOptions) {
    this.authorization = new RegistryAuthorization(options);
  }

  /** A manifest or an index by tag or by digest; undefined when the registry has none. */
  async document(reference: string, signal: AbortSignal): Promise<FetchedDocument | undefined> {
    const response = await this.get(`manifests/${reference}`, DOCUMENTS, signal);
    if (response === undefined) return undefined;
    const bytes = await this.options.http.read(response, this.options.registry, this.options.limits.documentBytes, signal);
    const digest = sha256(bytes);
    if (DIGEST.test(reference) && digest !== reference) this.mismatch('manifest', reference, digest);
    return { bytes, digest };
  }

  /** A small blob, whole. */
  async smallBlob(descriptor: Descriptor, signal: AbortSignal): Promise<Buffer> {
    const { documentBytes } = this.options.limits;
    if (descriptor.size > documentBytes) {
      throw new ociErrors.tooLarge({ ...descriptor }, { detail: `The plugin has a config or signature of ${descriptor.size} bytes; it may have ${documentBytes}.` });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of this.blob(descriptor, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** A blob as it arrives. Whoever reads it to its end without an error has what the descriptor promises. */
  async *blob({ digest, size }: Descriptor, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const { registry } = this.options;
    const response = await this.get(`blobs/${digest}`, '*/*', signal);
    if (response === undefined) throw new ociErrors.notFound({ digest }, { detail: `The registry ${registry} has the manifest of the plugin, but not its part ${digest}.` });
    const hash = createHash('sha256');
    let received = 0;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        received += chunk.length;
        if (received > size) throw new ociErrors.digestMismatch({ digest, size }, { detail: `The registry ${registry} sends more than the ${size} bytes that ${digest} has.` });
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw registryError(error, registry, signal, 'body');
    }
    if (received < size) throw new ociErrors.truncated({ digest, size, received }, { detail: `The registry ${registry} sent ${received} of the ${size} bytes of ${digest}.` });
    const actual = `sha256:${hash.digest('hex')}`;
    if (actual !== digest) this.mismatch('blob', digest, actual);
  }

  /** The answer to a GET below the repository, with the login that the registry asks for; undefined for 404. */
  private async get(path: string, accept: string, signal: AbortSignal): Promise<RegistryResponse | undefined> {
    const { http, origin, registry, repository } = this.options;
    const url = `${origin}/v2/${repository}/${path}`;
    const send = () => http.get(url, { accept, ...this.authorization.headers() }, signal);
    let response = await send();
    if (response.statusCode === 401) {
      await response.body.dump();
      const challenge = response.headers['www-authenticate'] ?? '';
      await this.authorization.answer(Array.isArray(challenge) ? challenge.join(', ') : challenge, signal);
      response = await send();
    }
    const { statusCode } = response;
    if (statusCode === 200) return response;
    await response.body.dump();
    if (statusCode === 404) return undefined;
    if (statusCode === 401 || statusCode === 403) this.authorization.deny(`The registry ${registry} does not let this host read ${repository} (status ${statusCode}); check the credentials in PLUGIN_REGISTRY_AUTH_FILE.`);
    const what = statusCode === 429 ? 'says that it was asked too often (status 429)' : `answered with status ${statusCode}`;
    throw new ociErrors.registryFailed({ registry, path, statusCode }, { detail: `The registry ${registry} ${what}.` });
  }

  private mismatch(what: string, promised: string, actual: string): never {
    const detail = `The registry ${this.options.registry} sent a ${what} that is not ${promised}: its bytes have ${actual}.`;
    throw new ociErrors.digestMismatch({ promised, actual }, { detail });
  }
}
