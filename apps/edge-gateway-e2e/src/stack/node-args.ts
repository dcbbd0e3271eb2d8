import { availableParallelism } from 'node:os';

/** How `npm start` starts a service as well: V8 has four helper threads otherwise, and on few cores they keep the main thread waiting. */
export const NODE_ARGS = [`--v8-pool-size=${Math.min(4, Math.max(1, availableParallelism() - 1))}`];
