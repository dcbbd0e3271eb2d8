import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestFile } from '../deployment/digest-file';
import { digestTree } from '../deployment/digest-tree';
import { openRegular, realPathOf } from '../deployment/open-regular';
import { isScript } from '../deployment/program-digest';
import { runsOnNode } from '../deployment/runs-on-node';
import { StartFailure } from './start-failure';

/** What the operating system is asked to run, and where. */
export interface Program {
  file: string;
  args: readonly string[];
  folder: string;
}

export interface StagedFile {
  path: string;
  digest?: string;
  /** The path was made out to be free of symbolic links, and shall still be. */
  pathIsReal: boolean;
}

/**
 * Makes a file ready to run. A pinned executable is copied into `directory` while its bytes are counted, and the copy is what runs, so
 * that nobody can exchange it in between. A script runs where it lies, because it loads what lies beside it, after its whole folder was
 * compared. Throws {@link StartFailure} with both digests when they differ.
 */
export async function stageProgram({ path, digest, pathIsReal }: StagedFile, directory: string): Promise<Program> {
  const source = await openRegular(path);
  try {
    if (pathIsReal) await refuseDetour(path, source);
    if (digest === undefined) return programOf(path, path);
    if (await isScript(path, source)) {
      refuseChange(path, await digestTree(path), digest, `the folder ${dirname(path)} is`);
      return programOf(path, path);
    }
    const copy = join(directory, 'program');
    refuseChange(path, await copyProgram(source, copy), digest, 'it is');
    return programOf(copy, path);
  } finally {
    await source.close();
  }
}

function programOf(file: string, original: string): Program {
  const folder = dirname(original);
  return runsOnNode(original) ? { file: process.execPath, args: [file], folder } : { file, args: [], folder };
}

async function copyProgram(source: FileHandle, path: string): Promise<string> {
  const target = await open(path, 'wx', 0o500);
  try {
    const digest = await digestFile(source, (chunk) => target.appendFile(chunk));
    // Its folder decides who gets here.
    await target.chmod(0o555);
    return digest;
  } finally {
    await target.close();
  }
}

async function refuseDetour(path: string, file: FileHandle): Promise<void> {
  const real = await realPathOf(file);
  if (real !== undefined && real !== path) throw new StartFailure(`${path} is now reached over a symbolic link; it leads to ${real}.`);
}

function refuseChange(path: string, found: string, pinned: string, what: string): void {
  if (found === pinned) return;
  throw new StartFailure(`${path} has changed since the plugin was registered: ${what} ${found}, and ${pinned} was pinned. If that is wanted, register it anew with validate-and-load.`);
}
