import type { KeyObject } from 'node:crypto';
import { request } from 'undici';
import { sha256 } from '../digest';
import { EMPTY_CONFIG_TYPE, INDEX_TYPES, MANIFEST_TYPES, PROGRAM_TYPE, SIGNATURE_ANNOTATION, SIMPLE_SIGNING_TYPE } from '../media-types';
import { signPayload } from '../signing-keys';
import { signatureTag, simpleSigningPayload } from '../verify-signature';

export interface TestDescriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
  platform?: { os: string; architecture: string };
}

export interface TestLayer {
  bytes: Buffer;
  mediaType?: string;
  annotations?: Record<string, string>;
}

/** Pushes to one repository the way ORAS and cosign do. */
export class Publisher {
  constructor(
    readonly origin: string,
    readonly repository: string,
    /** The value of the `Authorization` header. */
    private readonly authorization?: string,
  ) {}

  /** A plugin under a tag; returns its digest. */
  async plugin(tag: string, layers: readonly TestLayer[], { annotations = {}, config = { mediaType: EMPTY_CONFIG_TYPE, json: {} as unknown } } = {}): Promise<TestDescriptor> {
    const configDescriptor = await this.blob({ bytes: Buffer.from(JSON.stringify(config.json)), mediaType: config.mediaType });
    const descriptors = [];
    for (const layer of layers) descriptors.push(await this.blob(layer));
    return this.document(tag, { schemaVersion: 2, mediaType: MANIFEST_TYPES[0], config: configDescriptor, layers: descriptors, annotations });
  }

  async index(tag: string, manifests: readonly TestDescriptor[]): Promise<TestDescriptor> {
    return this.document(tag, { schemaVersion: 2, mediaType: INDEX_TYPES[0], manifests });
  }

  /** The signatures of a digest, in place of those that are there. */
  async signatures(digest: string, keys: readonly KeyObject[], payload = simpleSigningPayload(this.repository, digest)): Promise<void> {
    const layers = keys.map((key) => ({ bytes: payload, mediaType: SIMPLE_SIGNING_TYPE, annotations: { [SIGNATURE_ANNOTATION]: signPayload(key, payload).toString('base64') } }));
    await this.plugin(signatureTag(digest), layers);
  }

  async blob({ bytes, mediaType = PROGRAM_TYPE, annotations }: TestLayer): Promise<TestDescriptor> {
    const digest = sha256(bytes);
    const { headers } = await this.send('POST', `${this.origin}/v2/${this.repository}/blobs/uploads/`, 202);
    const location = new URL(String(headers['location']), this.origin);
    location.searchParams.set('digest', digest);
    await this.send('PUT', location.href, 201, bytes, 'application/octet-stream');
    return { mediaType, digest, size: bytes.length, annotations };
  }

  async document(tag: string, document: { mediaType?: string } & Readonly<Record<string, unknown>>): Promise<TestDescriptor> {
    const bytes = Buffer.from(JSON.stringify(document));
    await this.send('PUT', `${this.origin}/v2/${this.repository}/manifests/${tag}`, 201, bytes, document.mediaType);
    return { mediaType: document.mediaType!, digest: sha256(bytes), size: bytes.length };
  }

  async remove(digest: string): Promise<void> {
    await this.send('DELETE', `${this.origin}/v2/${this.repository}/manifests/${digest}`, 202);
  }

  private async send(method: 'POST' | 'PUT' | 'DELETE', url: string, expected: number, body?: Buffer, type?: string) {
    const response = await request(url, { method, body, headers: { ...(type && { 'content-type': type }), ...(this.authorization && { authorization: this.authorization }) } });
    const text = await response.body.text();
    if (response.statusCode !== expected) throw new Error(`${method} ${url} gave ${response.statusCode}: ${text}`);
    return response;
  }
}
