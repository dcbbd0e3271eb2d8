import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hexOf, sha256 } from './digest';
import { type ImageManifest, parseDocument, type Platform } from './manifest';
import { ociErrors } from './oci-errors';
import { hasConfig, planProgram, type ProgramPlan } from './plan-program';
import { selectPlatform } from './select-platform';
import type { StoredSignature } from './verify-signature';

/** Where the small documents of a plugin come from. What it hands out was checked against the digest. */
export interface DocumentSource {
  document(digest: string): Promise<Uint8Array>;
  config(descriptor: ImageManifest['config']): Promise<Uint8Array>;
}

/** From the digest that a definition names to what has to be unpacked on this host: index, manifest, config. */
export async function readPlan(source: DocumentSource, digest: string, host: Platform): Promise<ProgramPlan> {
  let document = parseDocument(await source.document(digest));
  if (document.kind === 'index') document = parseDocument(await source.document(selectPlatform(document, host).digest));
  if (document.kind === 'index') throw new ociErrors.badArtifact({ digest }, { detail: 'The index of the plugin leads to another index.' });
  const config = hasConfig(document) ? await source.config(document.config) : undefined;
  return planProgram(document, config, host);
}

const SIGNATURES = 'signatures.json';
const signatures = z.array(z.object({ payload: z.string(), signature: z.string() }));

/** The folder of one cached program: every blob as it travelled, the signatures, and the unpacked files. */
export class ProgramEntry implements DocumentSource {
  constructor(readonly directory: string) {}

  get files(): string {
    return join(this.directory, 'files');
  }

  blobPath(digest: string): string {
    return join(this.directory, hexOf(digest));
  }

  openBlob(digest: string) {
    return createReadStream(this.blobPath(digest));
  }

  async document(digest: string): Promise<Buffer> {
    const bytes = await readFile(this.blobPath(digest));
    if (sha256(bytes) !== digest) this.changed(digest);
    return bytes;
  }

  /** Reads a layer to its end, to see that it is what its name says. */
  async checkBlob(digest: string): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of this.openBlob(digest) as AsyncIterable<Buffer>) hash.update(chunk);
    if (`sha256:${hash.digest('hex')}` !== digest) this.changed(digest);
  }

  config({ digest }: ImageManifest['config']): Promise<Buffer> {
    return this.document(digest);
  }

  async signatures(): Promise<StoredSignature[]> {
    const stored = signatures.parse(JSON.parse(await readFile(join(this.directory, SIGNATURES), 'utf8')));
    return stored.map(({ payload, signature }) => ({ payload: Buffer.from(payload, 'base64'), signature }));
  }

  async saveSignatures(found: readonly StoredSignature[]): Promise<void> {
    const stored = found.map(({ payload, signature }) => ({ payload: Buffer.from(payload).toString('base64'), signature }));
    await writeFile(join(this.directory, SIGNATURES), JSON.stringify(stored));
  }

  private changed(digest: string): never {
    throw new ociErrors.digestMismatch({ digest }, { detail: `The cached ${digest} was changed.` });
  }
}
