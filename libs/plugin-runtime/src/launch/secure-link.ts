import type { HostCertificate } from '../connect/host-certificate';
import { type LinkCredentials, pinnedPair, withoutCertificates } from '../connect/pinned-pair';
import type { Handshake } from '../handshake/parse-handshake';
import type { AutoMtls } from '../host/plugin-host-policy';
import { StartFailure } from './start-failure';

export interface SecureLink {
  credentials: LinkCredentials;
  /** What the link does not protect from; a sentence each. */
  notEnforced: string[];
}

/** Decides how host and plugin know each other after the handshake. Throws {@link StartFailure} when that is not what the operator asks for. */
export function secureLink({ address, certificate }: Handshake, autoMtls: AutoMtls, own: HostCertificate | undefined): SecureLink {
  if (own && certificate) return { credentials: pinned(own, certificate), notEnforced: [] };
  if (autoMtls === 'on') throw new StartFailure('This host asks for certificates (PLUGIN_AUTO_MTLS=on) and the plugin has none: build it with an SDK that knows AutoMTLS, or set PLUGIN_AUTO_MTLS=auto.');
  if (address.network === 'unix') return { credentials: withoutCertificates(), notEnforced: [] };
  const why = autoMtls === 'off' ? 'PLUGIN_AUTO_MTLS is off' : 'it was offered certificates and has none';
  return { credentials: withoutCertificates(), notEnforced: [`Every program of this machine can call it, because it listens on a TCP port without certificates: ${why}.`] };
}

function pinned(own: HostCertificate, certificate: Buffer): LinkCredentials {
  try {
    return pinnedPair(own, certificate);
  } catch {
    throw new StartFailure('The certificate in the handshake of the plugin cannot be read.');
  }
}
