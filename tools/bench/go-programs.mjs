import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startProgram } from './processes.mjs';

const handshake = /^1\|1\|unix\|([^|]+)\|grpc/;

export const goIsMissing = spawnSync('go', ['version']).status !== 0;

/** Builds the programs of `go/`. @returns where each of them is. */
export function buildGoPrograms(folder) {
  execFileSync('go', ['build', '-o', folder, './...'], { cwd: join(import.meta.dirname, 'go'), stdio: 'inherit' });
  return { plugin: join(folder, 'fixed-answer'), reference: join(folder, 'reference') };
}

/** A plugin without a host: whoever knows its socket may call it. */
export async function startPluginAlone(file, core) {
  const { pid, line, stop } = await startProgram(file, [], { core, environment: { AI_STUDIO_PLUGIN: 'v1' } });
  const [, socket] = handshake.exec(line) ?? [];
  if (socket === undefined) throw new Error(`The plugin said ${line}, which is no handshake.`);
  return { pid, socket, stop };
}

/** The Go reference in front of such a plugin. */
export async function startReference(file, { core, socket, token }) {
  const { pid, line, stop } = await startProgram(file, ['-socket', socket, '-token', token], { core });
  return { pid, port: Number(line), stop };
}
