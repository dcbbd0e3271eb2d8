import type { FileHandle } from 'node:fs/promises';
import { digestFile } from './digest-file';
import { digestTree } from './digest-tree';
import { openRegular } from './open-regular';
import { runsOnNode } from './runs-on-node';

/** What an interpreter runs: a Node.js script, or a file that names its interpreter after `#!`. It may load what lies beside it. */
export async function isScript(path: string, file: FileHandle): Promise<boolean> {
  if (runsOnNode(path)) return true;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.toString('latin1') === '#!';
}

/** Whether what is pinned for the file at this path is its folder; see {@link isScript}. */
export async function isScriptFile(path: string): Promise<boolean> {
  const file = await openRegular(path);
  try {
    return await isScript(path, file);
  } finally {
    await file.close();
  }
}

/** What is pinned when a file is registered: the digest of an executable's bytes, or of everything in the folder of a script. */
export async function digestProgram(path: string): Promise<string> {
  const file = await openRegular(path);
  try {
    return (await isScript(path, file)) ? await digestTree(path) : await digestFile(file);
  } finally {
    await file.close();
  }
}
