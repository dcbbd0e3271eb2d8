import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type NodeChild } from '@sluice/testing';
import type { Stack } from '../stack/stack';

/** A gateway of a stack, one of several. */
export interface Replica {
  readonly url: string;
  readonly child: NodeChild;
  /** The same again, after it has ended. */
  restart(): Promise<Replica>;
}

export async function startReplica(stack: Stack, name: string, environment: Record<string, string> = {}): Promise<Replica> {
  const port = await freePort();
  const folder = join(stack.folder, name);
  mkdirSync(folder, { recursive: true });
  const all = { GATEWAY_PORT: String(port), GATEWAY_NAME: name, GATEWAY_STATE_DIR: folder, PLUGIN_RUN_DIR: join(stack.folder, `${name}p`), ...environment };
  const start = async (): Promise<Replica> => {
    await stack.startGateway(all);
    return { url: `http://127.0.0.1:${port}`, child: stack.gateway, restart: start };
  };
  return start();
}
