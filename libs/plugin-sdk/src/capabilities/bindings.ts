import { agent } from './agent';
import { auth } from './auth';
import type { Binding } from './binding';
import { configProvider } from './config-provider';
import { customEndpoint } from './custom-endpoint';
import { dataCollection } from './data-collection';
import { edgePayload } from './edge-payload';
import { manifestProvider } from './manifest-provider';
import { objectHooks } from './object-hooks';
import { portalUi } from './portal-ui';
import { postAuth } from './post-auth';
import { preAuth } from './pre-auth';
import { resourceProvider } from './resource-provider';
import { response } from './response';
import { scheduler } from './scheduler';
import { streamComplete } from './stream-complete';
import { uiProvider } from './ui-provider';

/** Every RPC that an author may answer: the method that answers it, and the answer without that method. */
export const BINDINGS: readonly Binding[] = [
  ...preAuth,
  ...auth,
  ...postAuth,
  ...response,
  ...streamComplete,
  ...dataCollection,
  ...customEndpoint,
  ...objectHooks,
  ...agent,
  ...uiProvider,
  ...portalUi,
  ...configProvider,
  ...manifestProvider,
  ...resourceProvider,
  ...scheduler,
  ...edgePayload,
];
