import { type Clock, isSluiceError, SluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { OciPrograms, PinnedReference } from '../launch/oci-programs';
import { AllowedRegistries } from './allowed-registries';
import { parseDocument, type Platform } from './manifest';
import { ociErrors } from './oci-errors';
import { DEFAULT_OCI_LIMITS, type OciLimits } from './oci-limits';
import { openProgram, type Program } from './open-program';
import { formatOciReference, type OciReference, parseOciReference } from './parse-oci-reference';
import { cacheError, ProgramCache } from './program-cache';
import { ProgramEntry } from './program-documents';
import { checkSignature, pullProgram } from './pull-program';
import { RegistryClient } from './registry-client';
import { CredentialsFile } from './registry-credentials';
import { RegistryHttp } from './registry-http';
import { hostPlatform } from './select-platform';
import { SharedWork } from './shared-work';
import type { SigningKey } from './signing-keys';

export interface RegistryProgramsOptions {
  /** May be shared by several processes. */
  cacheDirectory: string;
  /** See {@link AllowedRegistries}. Empty: no registry at all. */
  registries: readonly string[];
  /** A file like `~/.docker/config.json`. */
  authFile?: string;
  /** When there are any, a plugin has to be signed by one of them. */
  signingKeys: readonly SigningKey[];
  logger: Pick<Logger, 'warn' | 'info'>;
  limits?: Partial<OciLimits>;
  host?: Platform;
  clock?: Clock;
}

/** Programs of plugins that lie in OCI registries. What is in the cache needs no registry any more. */
export class RegistryPrograms implements OciPrograms {
  private readonly allowed: AllowedRegistries;
  private readonly credentials: CredentialsFile;
  private readonly cache: ProgramCache;
  private readonly http: RegistryHttp;
  private readonly limits: OciLimits;
  private readonly host: Platform;
  private readonly obtaining = new SharedWork<Program>();

  constructor(private readonly options: RegistryProgramsOptions) {
    this.limits = { ...DEFAULT_OCI_LIMITS, ...options.limits };
    this.host = options.host ?? hostPlatform();
    this.allowed = new AllowedRegistries(options.registries);
    this.credentials = new CredentialsFile(options.authFile);
    this.cache = new ProgramCache(options.cacheDirectory, options.clock);
    this.http = new RegistryHttp(this.limits);
  }

  /** The digest that a reference leads to now, which is what a registration pins. Its signature is checked; its files are not fetched. */
  async resolve(reference: string, signal?: AbortSignal): Promise<{ digest: string }> {
    const parsed = parseOciReference(reference);
    const client = this.clientFor(parsed);
    const within = this.within(signal);
    const found = await client.document(parsed.digest ?? parsed.tag!, within);
    if (found === undefined) throw new ociErrors.notFound({ reference }, { detail: `The registry ${parsed.registry} does not have ${formatOciReference(parsed)}.` });
    parseDocument(found.bytes);
    await checkSignature(client, { repository: parsed.repository, digest: found.digest }, this.options.signingKeys, within);
    return { digest: found.digest };
  }

  /**
   * The program of a pinned artifact as a file, from the cache or else from the registry. Where the tag points by now makes no difference.
   * Every call checks everything again; see {@link openProgram}.
   */
  async obtain({ reference, digest }: PinnedReference, signal?: AbortSignal): Promise<Program> {
    const parsed = parseOciReference(reference);
    const client = this.clientFor(parsed);
    return this.obtaining.run(`${parsed.registry}/${parsed.repository}@${digest}`, signal, (shared) =>
      this.cache.using(digest, this.host, (entry) => this.openOrPull(new ProgramEntry(entry), client, { ...parsed, digest }, this.within(shared))),
    );
  }

  /** Removes the programs that no definition names, and that no other process with the same cache uses. Resolves with their digests. */
  async collectGarbage(keep: readonly string[]): Promise<string[]> {
    const removed = await this.cache.collect(keep);
    if (removed.length > 0) this.options.logger.info({ removed }, 'Removed programs of plugins that are not in use any more.');
    return removed;
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.cache.close();
  }

  private async openOrPull(entry: ProgramEntry, client: RegistryClient, reference: OciReference & { digest: string }, signal: AbortSignal): Promise<Program> {
    const { signingKeys, logger } = this.options;
    const opening = { repository: reference.repository, signingKeys, host: this.host, limits: this.limits };
    let damage: unknown;
    if (await this.cache.has(entry.directory)) {
      try {
        return await openProgram(entry, reference.digest, opening);
      } catch (error) {
        damage = error;
        logger.warn({ err: error, reference: formatOciReference(reference) }, 'A cached plugin cannot be used as it is; it is fetched again.');
      }
    }
    try {
      const pulling = { ...opening, client, notFound: () => this.goneError(client, reference, signal) };
      await this.cache.make(entry.directory, { replace: damage !== undefined }, (fresh) => pullProgram(new ProgramEntry(fresh), reference.digest, pulling, signal));
      return await openProgram(entry, reference.digest, opening);
    } catch (error) {
      throw this.explain(cacheError(error, this.options.cacheDirectory), damage);
    }
  }

  /** Who asks why a plugin does not start has to learn first what was wrong with what was here. */
  private explain(error: unknown, damage: unknown): unknown {
    if (!isSluiceError(damage) || !isSluiceError(error) || error.code === damage.code) return error;
    return new SluiceError(damage.code, damage.definition, damage.details, { detail: `${damage.message} It could not be fetched again: ${error.message}`, cause: error });
  }

  /** A digest that the registry once had: the tag may tell where it went. */
  private async goneError(client: RegistryClient, { tag, digest, ...rest }: OciReference & { digest: string }, signal: AbortSignal): Promise<Error> {
    const now = tag === undefined ? undefined : await client.document(tag, signal);
    const moved = now === undefined || now.digest === digest ? '' : ` The tag ${tag} now leads to ${now.digest}; register the plugin anew to use that.`;
    return new ociErrors.notFound({ digest, tag }, { detail: `The registry ${rest.registry} does not have ${rest.repository}@${digest} any more.${moved}` });
  }

  private clientFor(reference: OciReference): RegistryClient {
    const { registry, repository } = reference;
    return new RegistryClient({ http: this.http, origin: this.allowed.originFor(reference), registry, repository, credentials: this.credentials, limits: this.limits });
  }

  private within(signal: AbortSignal | undefined): AbortSignal {
    const timeout = AbortSignal.timeout(this.limits.totalMs);
    return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  }
}
