import { basename, dirname, join } from 'node:path';
import { digestOfFiles } from '../deployment/digest-tree';
import { isScriptFile } from '../deployment/program-digest';
import type { Platform } from './manifest';
import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';
import { type ProgramEntry, readPlan } from './program-documents';
import { digestDirectory, digestLayers, type FileDigests } from './program-files';
import type { SigningKey } from './signing-keys';
import { verifySignature } from './verify-signature';

/** A file of this machine that may be started. */
export interface Program {
  path: string;
  /** What `digestProgram` has to find there: of the file, or of the folder of a script. */
  digest: string;
}

export interface OpenOptions {
  /** Where the definition has it from: the signature has to be about that. */
  repository: string;
  signingKeys: readonly SigningKey[];
  host: Platform;
  limits: OciLimits;
}

/**
 * Takes a program out of the cache. Nothing there is believed: the signature is checked against today's keys, each document and layer
 * against its digest, and each file on disk against the layers, so that whatever was changed, added or removed is noticed.
 */
export async function openProgram(entry: ProgramEntry, digest: string, { repository, signingKeys, host, limits }: OpenOptions): Promise<Program> {
  if (signingKeys.length > 0) verifySignature({ repository, digest }, await entry.signatures(), signingKeys);
  const plan = await readPlan(entry, digest, host);
  for (const { descriptor } of plan.layers) await entry.checkBlob(descriptor.digest);
  const expected = await digestLayers({ plan, limits, openLayer: (layer) => entry.openBlob(layer) });
  const actual = await digestDirectory(entry.files);
  const changed = [...new Set([...expected.keys(), ...actual.keys()])].find((path) => expected.get(path) !== actual.get(path));
  if (changed !== undefined) throw new ociErrors.digestMismatch({ digest, path: changed }, { detail: `The file ${changed} of the cached ${digest} was changed.` });
  const path = join(entry.files, plan.entrypoint);
  return { path, digest: (await isScriptFile(path)) ? folderDigest(plan.entrypoint, expected) : expected.get(plan.entrypoint)! };
}

/** A script loads what lies beside it. */
function folderDigest(entrypoint: string, files: FileDigests): string {
  const folder = dirname(entrypoint) === '.' ? '' : `${dirname(entrypoint)}/`;
  const beside = [...files].filter(([path]) => path.startsWith(folder)).map(([path, digest]) => [path.slice(folder.length), digest] as const);
  return digestOfFiles(basename(entrypoint), new Map(beside));
}
