import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type RemoteTls, serveRemote } from '@sluice/plugin-sdk';
import { EchoPlugin } from './echo-plugin';

const { values } = parseArgs({
  options: { host: { type: 'string' }, port: { type: 'string', default: '9000' }, cert: { type: 'string' }, key: { type: 'string' }, 'client-ca': { type: 'string' } },
});

/** The same plugin as a server of its own. What it prints is its command for hosts. */
async function main(): Promise<void> {
  const { address } = await serveRemote(new EchoPlugin(), { port: Number(values.port), ...(values.host && { host: values.host }), tls: readTls() });
  console.log(`grpc://${address}`);
}

function readTls(): RemoteTls | undefined {
  const { cert, key, 'client-ca': clientCa } = values;
  if (!cert || !key) return undefined;
  return { certificate: readFileSync(cert), key: readFileSync(key), ...(clientCa && { clientCa: readFileSync(clientCa) }) };
}

void main();
