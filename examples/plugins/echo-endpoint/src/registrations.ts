import type { EndpointRegistration } from '@sluice/plugin-sdk';

/** Exact paths win over `/*`. */
export const registrations: readonly EndpointRegistration[] = [
  { path: '/*', methods: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'], description: 'Echoes the request' },
  { path: '/private/*', methods: ['GET', 'POST'], description: 'Echoes the request and the app whose token it carries', requireAuth: true },
  { path: '/stream', methods: ['GET'], description: 'Counts, one server-sent event at a time', streamResponse: true },
  {
    path: '/public-exact',
    methods: ['GET'],
    description: 'Echoes the request with the credentials that came with it',
    metadata: { pass_credentials: 'true' },
  },
];
