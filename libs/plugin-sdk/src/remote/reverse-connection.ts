import { Client, connectivityState, credentials, InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';
import type { ServicesConnection } from '../broker/services-connection';
import type { WayBack } from './way-back';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const NEVER_IDLE_MS = 2 ** 31 - 1;

/** The connection that the plugin opens to a host which did not start it. Every call carries the newest token. */
export class ReverseConnection implements ServicesConnection {
  private readonly services: Client;

  constructor({ address, tls, ca }: WayBack, token: () => string) {
    const security = tls ? credentials.createSsl(ca === '' ? null : Buffer.from(ca)) : credentials.createInsecure();
    this.services = new Client(`dns:${address}`, security, {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc.client_idle_timeout_ms': NEVER_IDLE_MS,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.min_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 5_000,
      interceptors: [bearer(token)],
    });
  }

  /** A remote host has no broker. */
  useBrokerId(): void {
    return undefined;
  }

  client(): Promise<Client> {
    if (this.services.getChannel().getConnectivityState(true) === connectivityState.READY) return Promise.resolve(this.services);
    return new Promise((resolve, reject) => {
      this.services.waitForReady(Date.now() + CONNECT_TIMEOUT_MS, (cause) => {
        if (cause) reject(new Error('The services of the host could not be reached.', { cause }));
        else resolve(this.services);
      });
    });
  }

  close(): void {
    this.services.close();
  }
}

/** A host that offers its services to no remote plugin. */
export const NO_WAY_BACK: ServicesConnection = {
  useBrokerId: () => undefined,
  client: () => {
    const error = new Error('The host offers no services to plugins that run elsewhere: its operator has to set PLUGIN_REVERSE_ADDRESS.');
    // What a host answers that does not have a service: nobody asks again.
    return Promise.reject(Object.assign(error, { code: status.UNIMPLEMENTED }));
  },
};

function bearer(token: () => string): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, listener, next) => {
        metadata.set('authorization', `Bearer ${token()}`);
        next(metadata, listener);
      },
    });
}
