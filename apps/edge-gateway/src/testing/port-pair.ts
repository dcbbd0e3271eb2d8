import type { Port } from '../workers/peer';

/** Two ends of a channel in one process. What is sent arrives later, as a copy, in its order. */
export function portPair(): [Port, Port] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const port = (own: 0 | 1): Port => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => void listeners[own].push(listener),
  });
  return [port(0), port(1)];
}
