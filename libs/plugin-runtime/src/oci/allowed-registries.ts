import { ociErrors } from './oci-errors';
import { isLoopback, type OciReference } from './parse-oci-reference';

interface AllowedRegistry {
  registry: string;
  /** Repositories at and below this path; `''` for all. */
  prefix: string;
  scheme: 'http' | 'https';
}

const ENTRY = /^(?:(https?):\/\/)?([^/@\s]+)((?:\/[^/@\s]+)*)\/?$/i;

/**
 * The registries that plugins may come from. An entry is a host with its port, and a path where only the repositories below it are meant:
 * `registry.example.com`, `registry.example.com:5000/plugins`. `http://` in front says that its connections are not encrypted; without
 * a scheme that is so for registries of this machine only.
 */
export class AllowedRegistries {
  private readonly entries: readonly AllowedRegistry[];

  /** Throws `oci.badReference` for an entry that cannot be read. */
  constructor(entries: readonly string[]) {
    this.entries = entries.map(parseEntry);
  }

  /** The origin that a reference is fetched from, like `https://registry.example.com`. Throws `oci.registryNotAllowed`. */
  originFor(reference: OciReference): string {
    const entry = this.entries.find(({ registry, prefix }) => registry === reference.registry && isBelow(reference.repository, prefix));
    if (entry !== undefined) return `${entry.scheme}://${entry.registry}`;
    const allowed = this.entries.map(({ registry, prefix }) => (prefix === '' ? registry : `${registry}/${prefix}`));
    const detail = `Plugins may not come from ${reference.registry}/${reference.repository}; ${allowed.length === 0 ? 'no registry is allowed' : `allowed are ${allowed.join(', ')}`}. An operator can add it to PLUGIN_REGISTRIES.`;
    throw new ociErrors.registryNotAllowed({ registry: reference.registry, repository: reference.repository }, { detail });
  }
}

function isBelow(repository: string, prefix: string): boolean {
  return prefix === '' || repository === prefix || repository.startsWith(`${prefix}/`);
}

function parseEntry(text: string): AllowedRegistry {
  const match = ENTRY.exec(text);
  if (match === null) {
    throw new ociErrors.badReference({ entry: text }, { detail: `${JSON.stringify(text)} is not a registry; write a host like registry.example.com:5000, with a path like /plugins where only that is allowed.` });
  }
  const registry = match[2]!.toLowerCase();
  const scheme = (match[1]?.toLowerCase() ?? (isLoopback(registry) ? 'http' : 'https')) as 'http' | 'https';
  return { registry, prefix: match[3]!.slice(1), scheme };
}
