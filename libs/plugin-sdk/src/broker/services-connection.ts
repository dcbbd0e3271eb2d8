import type { Client } from '@grpc/grpc-js';

/** The way to the services of the host, however it is made. */
export interface ServicesConnection {
  /** Every call of the host that names a broker id names the same one; 0 says nothing. */
  useBrokerId(id: number): void;
  /** A live client. Throws a sentence when the host does not offer its services, or not in time. */
  client(): Promise<Client>;
}
