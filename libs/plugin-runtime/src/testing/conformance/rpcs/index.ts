import { dataCollection } from './data-collection';
import { endpoints } from './endpoints';
import { uiProvider } from './pages';
import { requestHooks } from './request-hooks';
import { resourceProvider } from './resources';
import type { AnyRow } from './rpc-row';
import { studioHooks } from './studio-hooks';

/** Every RPC that a capability adds: how it is asked, what a usable answer is, and the answer of a plugin without the capability. */
export const RPC_ROWS: readonly AnyRow[] = [...requestHooks, ...dataCollection, ...endpoints, ...studioHooks, ...uiProvider, ...resourceProvider];
