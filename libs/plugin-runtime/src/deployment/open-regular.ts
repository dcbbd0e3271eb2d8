import { constants } from 'node:fs';
import { type FileHandle, open, readlink } from 'node:fs/promises';
import { StartFailure } from '../launch/start-failure';

/** Opens a file for reading. A symbolic link, or anything else that is no regular file, is refused. */
export async function openRegular(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new StartFailure(`There is no file ${path}.`);
    if (error.code === 'ELOOP') throw new StartFailure(`${path} is a symbolic link; name the file that it leads to.`);
    throw new StartFailure(`${path} cannot be read (${error.code ?? error.message}).`);
  });
  try {
    if (!(await handle.stat()).isFile()) throw new StartFailure(`${path} is not a regular file.`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Where an open file really lies, or undefined where the system does not tell. */
export function realPathOf(handle: FileHandle): Promise<string | undefined> {
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
}
