import type { PluginAddress } from '../handshake/parse-handshake';

/** What carries the requests to a plugin process. `lane`: the gRPC of our own, over unix sockets alone. */
export type Transport = 'lane' | 'grpc-js';

/** What an operator may ask for. */
export const TRANSPORT_CHOICES = ['auto', 'lane', 'grpc-js'] as const;
export type TransportChoice = (typeof TRANSPORT_CHOICES)[number];

/** The lane knows neither TCP nor certificates; where it cannot be, @grpc/grpc-js is taken also when `lane` was asked for. */
export function transportFor(choice: TransportChoice, address: PluginAddress, certificates: boolean): Transport {
  return choice === 'grpc-js' || address.network !== 'unix' || certificates ? 'grpc-js' : 'lane';
}
