import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ociErrors } from './oci-errors';

export interface RegistryCredentials {
  username: string;
  password: string;
}

/** What `docker login`, `podman login` and `oras login` write. */
const authFile = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), username: z.string().optional(), password: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
});

/**
 * The credentials for a repository, from the text of a docker config file; the entry with the longest path that fits is taken. Undefined
 * when there is none. Throws `oci.badCredentials`, and never shows what is in the file.
 */
export function findCredentials(text: string, registry: string, repository: string): RegistryCredentials | undefined {
  const wanted = `${registry}/${repository}`;
  const entries = Object.entries(parse(text).auths)
    .map(([key, value]) => ({ key: key.replace(/^https?:\/\//i, '').replace(/\/(?:v[12]\/?)?$/, ''), value }))
    .filter(({ key }) => wanted === key || wanted.startsWith(`${key}/`))
    .sort((a, b) => b.key.length - a.key.length);
  const entry = entries[0]?.value;
  if (entry === undefined) return undefined;
  if (entry.identitytoken) refuse(`The credentials of ${registry} are an identity token; log in with a user name and a password or access token.`);
  if (entry.username !== undefined && entry.password !== undefined) return { username: entry.username, password: entry.password };
  const decoded = Buffer.from(entry.auth ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) refuse(`The credentials of ${registry} are not the base64 of user:password. A credential helper of docker does not work here; write them into the file.`);
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Reads the file anew for every use, so that credentials can be changed without a restart. */
export class CredentialsFile {
  constructor(private readonly path: string | undefined) {}

  async for(registry: string, repository: string): Promise<RegistryCredentials | undefined> {
    if (this.path === undefined) return undefined;
    let text;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      throw new ociErrors.badCredentials({ path: this.path }, { detail: `The file of PLUGIN_REGISTRY_AUTH_FILE, ${this.path}, cannot be read.`, cause: error });
    }
    return findCredentials(text, registry, repository);
  }
}

function parse(text: string): z.output<typeof authFile> {
  try {
    return authFile.parse(JSON.parse(text));
  } catch {
    return refuse('The file of PLUGIN_REGISTRY_AUTH_FILE is not like ~/.docker/config.json: {"auths": {"registry.example.com": {"auth": "…"}}}.');
  }
}

function refuse(detail: string): never {
  throw new ociErrors.badCredentials({}, { detail });
}
