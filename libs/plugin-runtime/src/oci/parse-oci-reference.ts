import { DIGEST } from './digest';
import { ociErrors } from './oci-errors';

/** Where an artifact lies. At least one of tag and digest is there; a digest decides, and the tag is then only for people. */
export interface OciReference {
  /** The host, with its port where one is written: `registry.example.com:5000`. */
  registry: string;
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

const EXAMPLE = 'oci://registry.example.com/plugins/echo:v1.0.0';
const HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::(\d{1,5}))?$/i;
/** The distribution specification's grammar of a name. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const MAX_REPOSITORY = 255;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * Reads `oci://registry/repository:tag`, `…@sha256:…` or `…:tag@sha256:…`. The registry has to be written, and so has a tag or digest:
 * there is no silent `docker.io` and no silent `latest`. Throws `oci.badReference` with a sentence about what is wrong.
 */
export function parseOciReference(text: string): OciReference {
  if (!text.startsWith('oci://')) refuse(text, `${text} is not an oci:// reference; write one like ${EXAMPLE}.`);
  const rest = text.slice('oci://'.length);
  const slash = rest.indexOf('/');
  if (slash < 0) refuse(text, `${text} has no repository; write one like ${EXAMPLE}.`);
  const registry = parseRegistry(text, rest.slice(0, slash));
  const [named, digest, ...more] = rest.slice(slash + 1).split('@');
  if (more.length > 0) refuse(text, `${text} has more than one @.`);
  if (digest !== undefined && !DIGEST.test(digest)) refuse(text, `The digest in ${text} is not sha256: and 64 lower-case hexadecimal digits.`);
  const colon = named!.indexOf(':');
  const repository = colon < 0 ? named! : named!.slice(0, colon);
  const tag = colon < 0 ? undefined : named!.slice(colon + 1);
  if (repository.length > MAX_REPOSITORY || !REPOSITORY.test(repository)) {
    refuse(text, `${JSON.stringify(repository)} is not a repository: lower-case letters, digits and single separators (. _ -), with / between the parts.`);
  }
  if (tag !== undefined && !TAG.test(tag)) refuse(text, `${JSON.stringify(tag)} is not a tag: up to 128 letters, digits, dots, dashes and underscores.`);
  if (tag === undefined && digest === undefined) refuse(text, `${text} names neither a tag nor a digest; write the version that shall run, like ${EXAMPLE}.`);
  return { registry, repository, tag, digest };
}

/** The reference as text again. */
export function formatOciReference({ registry, repository, tag, digest }: OciReference): string {
  return `oci://${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** True for a name or address that cannot be another machine. `host` may have a port. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function parseRegistry(text: string, registry: string): string {
  if (registry.includes('@')) refuse(text, `${text} has credentials or a digest in the place of the registry; credentials belong into the file of PLUGIN_REGISTRY_AUTH_FILE.`);
  const match = HOST.exec(registry);
  if (match === null || (match[1] !== undefined && (Number(match[1]) < 1 || Number(match[1]) > 65_535))) {
    refuse(text, `${JSON.stringify(registry)} is not a registry; write its host name, and its port if it has one, like registry.example.com:5000.`);
  }
  const local = isLoopback(registry);
  if (!local && !/[.:]/.test(registry)) refuse(text, `${registry} is not the host name of a registry; the registry has to be written, like ${EXAMPLE}.`);
  return registry.toLowerCase();
}

function refuse(reference: string, detail: string): never {
  throw new ociErrors.badReference({ reference }, { detail });
}
