const CORE_PROTOCOL = 1;
const APP_PROTOCOL = 1;

/** Where the server listens, in go-plugin's words. */
export interface ListenAddress {
  network: 'unix' | 'tcp';
  address: string;
}

/** The one line by which a host finds the server. `certificate` is base64 without padding, or `''`. */
export function handshakeLine({ network, address }: ListenAddress, certificate: string): string {
  return `${[CORE_PROTOCOL, APP_PROTOCOL, network, address, 'grpc', certificate].join('|')}\n`;
}
