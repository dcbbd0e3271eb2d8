import type { EndpointRegistration } from '@sluice/contracts/plugin';

/** One registration of an endpoint, as the hot path needs it. */
export class EndpointRoute {
  readonly requireAuth: boolean;
  readonly stream: boolean;
  /** The plugin wants to see the credential that the gateway accepted. */
  readonly passCredentials: boolean;

  constructor(
    /** As registered: `/users/*`. */
    readonly pattern: string,
    registration: EndpointRegistration,
  ) {
    this.requireAuth = registration.requireAuth;
    this.stream = registration.streamResponse;
    this.passCredentials = registration.metadata['pass_credentials'] === 'true';
  }
}
