import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';
import type { ProgramPlan } from './plan-program';
import { type ArchivedFile, readArchive } from './read-archive';
import { UnpackBudget } from './unpack-budget';

/** Every file of a program and what is in it: path → `sha256:…`. */
export type FileDigests = ReadonlyMap<string, string>;

export interface LayerSource {
  plan: ProgramPlan;
  /** Opens the bytes of a layer. */
  openLayer(digest: string): Readable;
  limits: OciLimits;
}

/**
 * Writes all files of a program below `directory`, readable by everybody and writable by nobody. What the archive calls executable becomes
 * so, and the program itself does; set-user-id bits and owners are not taken over.
 */
export async function unpackProgram(source: LayerSource, directory: string): Promise<void> {
  await eachFile(source, async ({ path, executable, body }) => {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    const file = await open(target, 'wx', 0o600);
    try {
      for await (const chunk of body) await file.writeFile(chunk);
      await file.chmod(executable || path === source.plan.entrypoint ? 0o555 : 0o444);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  // The umask of this process is not the business of the user that the plugin runs under.
  for (const folder of [directory, ...(await foldersBelow(directory))]) await chmod(folder, 0o755);
}

/** What {@link unpackProgram} would write. */
export async function digestLayers(source: LayerSource): Promise<FileDigests> {
  const digests = new Map<string, string>();
  await eachFile(source, async ({ path, body }) => void digests.set(path, await digestOf(body)));
  return digests;
}

/** What lies below a directory. Anything that is neither file nor folder counts as damage and gets the digest `''`. */
export async function digestDirectory(directory: string): Promise<FileDigests> {
  const digests = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(directory.length + 1);
    digests.set(path, entry.isFile() ? await digestOf(createReadStream(file)) : '');
  }
  return digests;
}

async function foldersBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

async function eachFile({ plan, openLayer, limits }: LayerSource, onFile: (file: ArchivedFile) => Promise<void>): Promise<void> {
  const budget = new UnpackBudget(limits);
  const seen = new Set<string>();
  const take = async (file: ArchivedFile) => {
    if (seen.has(file.path)) throw new ociErrors.unsafeArchive({ path: file.path }, { detail: `Two layers of the plugin have the file ${file.path}; build the plugin in one layer.` });
    seen.add(file.path);
    await onFile(file);
  };
  for (const layer of plan.layers) {
    const stream = openLayer(layer.descriptor.digest);
    if (layer.kind === 'archive') await readArchive(stream, layer.gzip, budget, take);
    else {
      budget.takeEntry();
      budget.takeBytes(layer.descriptor.size);
      await take({ path: layer.name, executable: false, body: stream as AsyncIterable<Buffer> });
    }
  }
  if (!seen.has(plan.entrypoint)) {
    throw new ociErrors.badArtifact({ entrypoint: plan.entrypoint }, { detail: `The artifact names ${plan.entrypoint} as its program, and there is no such file in it.` });
  }
}

async function digestOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
