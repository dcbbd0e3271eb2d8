import { generateHostCertificate } from '../../../connect/host-certificate';
import { pinnedPair, withoutCertificates } from '../../../connect/pinned-pair';
import { PluginConnection } from '../../../connect/plugin-connection';
import { checkHealth } from '../../../health/check-health';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { expectSession } from './session-checks';

const STRANGER_MS = 1_500;

/** What a plugin does when its host wants the two to know each other by certificates. */
export const autoMtlsChecks: Check[] = [
  {
    id: 'auto-mtls.serves',
    title: 'answers the certificate of its host with one of its own, in both directions',
    section: 'handshake',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const plugin = await subject.initialized({ certificate: await generateHostCertificate() });
      await expectSession(plugin, 'with AutoMTLS; the connection to the host uses the same pair of certificates');
    },
  },
  {
    id: 'auto-mtls.refuses',
    title: 'takes no call of anybody without the certificate of its host',
    section: 'handshake',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const plugin = await subject.start({ certificate: await generateHostCertificate() });
      const { address, certificate } = plugin.own!.handshake;
      const others = [withoutCertificates(), pinnedPair(await generateHostCertificate(), certificate!)];
      for (const { client } of others) {
        const stranger = new PluginConnection(address, { credentials: client });
        const answered = (await stranger.ready(STRANGER_MS)) && (await checkHealth(stranger.control, STRANGER_MS));
        stranger.close();
        if (answered) fail('With AutoMTLS it answers a caller without the certificate of its host: serve TLS, and ask every client for exactly the certificate of PLUGIN_CLIENT_CERT.');
      }
    },
  },
];
