import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isSluiceError } from '@sluice/kernel';

import { serverErrors } from '../errors';
import type { Log } from '../log';
import { lockDirectory } from '../process/directory-lock';
import { claimLoopbackPort } from '../process/loopback-port';
import { lastLines, startServerProcess, type ServerProcess } from '../process/server-process';
import { stopProcess } from '../process/stop-process';
import { prepareBinaries, type PostgresBinaries } from './binaries';
import { clusterFolder } from './cluster-folder';
import { openOrCreateCluster, type Cluster } from './create-cluster';
import { databaseUser } from './database-user';
import { endOrphan, postgresStopSteps, readPostmasterFile } from './orphan';

export interface PostgresOptions {
  /** Made when it is not there. What is stored survives restarts. One process at a time. */
  dataDirectory: string;
  /** 0, the default, for any free port. */
  port?: number;
  /** false trades safety against power cuts for speed: for tests. Default true. */
  durable?: boolean;
  log: Log;
}

export interface RunningPostgres {
  /** With the user and the password; names the database `postgres`. */
  url: string;
  pid: number;
  /** Settles with a phrase ("signal SIGKILL") when the server is gone, whoever ended it. */
  exited: Promise<string>;
  /** Fast shutdown, bounded. Gives the data directory back. */
  stop(): Promise<void>;
}

const readyTimeoutMs = 120_000;
const attempts = 4;

/** Runs the embedded PostgreSQL on 127.0.0.1. Throws `server.*`: directoryInUse, portTaken, noBinaries, otherVersion, startFailed. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const lock = lockDirectory(options.dataDirectory);
  try {
    const binaries = prepareBinaries();
    const cluster = await openOrCreateCluster(clusterFolder(options.dataDirectory), binaries, options.log);
    await endOrphan(cluster.dataFolder, options.log);
    const { server, port } = await launch(options, binaries, cluster);
    return {
      url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
      pid: server.pid,
      exited: server.exited,
      stop: async () => {
        if (!server.hasExited()) await stopProcess(server.pid, postgresStopSteps);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function launch(options: PostgresOptions, binaries: PostgresBinaries, { dataFolder }: Cluster): Promise<{ server: ServerProcess; port: number }> {
  const logFile = join(realpathSync(options.dataDirectory), 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    const port = await claimLoopbackPort(options.port ?? 0, 'PostgreSQL');
    const server = await startServerProcess({
      file: binaries.postgres,
      args: ['-D', dataFolder, ...settings(port, options.durable ?? true)],
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      ...databaseUser(dataFolder),
      logFile,
    });
    try {
      await untilReady(server, dataFolder, logFile);
      return { server, port };
    } catch (error) {
      const said = isSluiceError(error) ? String(error.details['output']) : '';
      // The last backends of a killed server may take a moment to notice; and a free port may be taken by somebody faster.
      const mayPass = said.includes('shared memory block') || (said.includes('could not bind') && !options.port);
      if (!mayPass || attempt === attempts) throw error;
      await sleep(500 * attempt);
    }
  }
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(server: ServerProcess, dataFolder: string, logFile: string): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const file = readPostmasterFile(dataFolder);
    if (file?.pid === server.pid && file.ready) return;
    if (server.hasExited()) break;
    if (performance.now() >= deadline) {
      await stopProcess(server.pid, postgresStopSteps);
      break;
    }
    await sleep(20);
  }
  const output = lastLines(logFile);
  throw new serverErrors.startFailed({ output, logFile }, { detail: `PostgreSQL did not start (${await server.exited}). ${logFile} ends with:\n${output}` });
}
