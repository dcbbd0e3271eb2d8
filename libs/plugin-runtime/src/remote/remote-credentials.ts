import { readFile } from 'node:fs/promises';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { RemoteSecurity } from '../deployment/deployment';
import { StartFailure } from '../launch/start-failure';

/** What protects the connection, from the files as they are now: a renewed certificate is used from the next connection on. */
export async function remoteCredentials(tls: RemoteSecurity): Promise<ChannelCredentials> {
  switch (tls.mode) {
    case 'plaintext':
      return credentials.createInsecure();
    case 'tls':
      return secured('ca', await readPem(tls.caFile));
    case 'mutual':
      return secured('ca, cert and key', ...(await Promise.all([readPem(tls.caFile), readPem(tls.keyFile), readPem(tls.certificateFile)])));
  }
}

async function readPem(path: string): Promise<Buffer>;
async function readPem(path: string | undefined): Promise<Buffer | null>;
async function readPem(path: string | undefined): Promise<Buffer | null> {
  if (path === undefined) return null;
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new StartFailure(`The file ${path} for the connection to the plugin cannot be read (${error.code ?? error.message}).`);
  });
}

function secured(files: string, ...pems: [Buffer | null, Buffer?, Buffer?]): ChannelCredentials {
  try {
    return credentials.createSsl(...pems);
  } catch (error) {
    throw new StartFailure(`The files of ${files} for the connection to the plugin cannot be used: ${(error as Error).message}.`);
  }
}
