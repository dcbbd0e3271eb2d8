import { statSync } from 'node:fs';

export interface DatabaseUser {
  uid: number;
  gid: number;
}

/** `nobody` on Linux; exists in no password file of a slim image, and need not. */
const NOBODY: DatabaseUser = { uid: 65_534, gid: 65_534 };

/** PostgreSQL refuses to run as root. Root runs it as whoever owns the data, else as nobody; everyone else as themselves (undefined). */
export function databaseUser(dataFolder: string): DatabaseUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY;
}
