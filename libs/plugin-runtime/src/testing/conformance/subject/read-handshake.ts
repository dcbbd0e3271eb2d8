import type { HostCertificate } from '../../../connect/host-certificate';
import { type LinkCredentials, pinnedPair } from '../../../connect/pinned-pair';
import { type Handshake, parseHandshake, quote } from '../../../handshake/parse-handshake';
import { describeExit } from '../../../process/describe-exit';
import { fail } from '../verdict';
import type { RawProcess } from './raw-process';

const LAST_MOMENT_MS = 250;

/** The handshake that a process prints, or a failure that says what it printed or how it ended instead. `certificates`: whether it was offered AutoMTLS. */
export async function readHandshake(process: RawProcess, certificates: boolean, timeoutMs: number): Promise<Handshake> {
  const line = await process.firstLine(timeoutMs);
  if (line === undefined) {
    const seconds = timeoutMs / 1_000;
    if (process.exit) fail(`The plugin ended before its handshake ${describeExit(process.exit)}.${process.stderr.length > 0 ? ` It last wrote: ${quote(process.stderr.at(-1)!)}.` : ''} It must not need more than the environment of a host to start.`);
    if (process.partial !== '') fail(`The plugin wrote ${quote(process.partial)} without a line end within ${seconds} s: end the handshake with a newline and flush it.`);
    fail(`The plugin did not print a handshake within ${seconds} s: print 1|1|unix|<socket>|grpc| as the first line of stdout as soon as the server listens, and flush it.`);
  }
  const handshake = parseHandshake(line, certificates);
  if (handshake.ok) return handshake;
  const advice = 'Print the handshake first; everything else that people shall read belongs on stderr until then.';
  await process.exitWithin(LAST_MOMENT_MS);
  fail(process.exit ? `${handshake.reason.slice(0, -1)}; it ended ${describeExit(process.exit)}. ${advice}` : `${handshake.reason} ${advice}`);
}

/** How both sides know each other with AutoMTLS; a failure when the plugin answered with no certificate. */
export function pairWith(own: HostCertificate, answered: Buffer | undefined): LinkCredentials {
  const advice = 'make a certificate of your own and hand it over in the sixth part of the handshake, DER in base64 without padding.';
  if (!answered) fail(`With PLUGIN_CLIENT_CERT in its environment it offers no certificate, so whoever reaches its address can call it: ${advice} On a unix socket it works all the same, unless the operator has set PLUGIN_AUTO_MTLS=on; that is all there is for gRPC libraries whose TLS does not know P-521 (Python, C++, Ruby, PHP).`);
  try {
    return pinnedPair(own, answered);
  } catch {
    return fail(`The certificate in its handshake cannot be read: ${advice}`);
  }
}
