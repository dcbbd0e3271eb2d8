import { bytes, duration } from '@sluice/platform-config';
import { z } from 'zod';
import { TrustedProxies } from './trusted-proxies';

const someTime = duration.refine((ms) => ms > 0, 'Write a duration longer than 0.');
const someBytes = bytes.refine((size) => size > 0, 'Write a size above 0.');

const count = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'Write a whole number above 0.')
  .transform(Number);

const proxies = z.string().transform((value, context) => {
  try {
    return TrustedProxies.parse(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** What clients may take of the gateway, and how it takes its leave of them. */
export const clientsConfig = z
  .object({
    GATEWAY_MAX_URL_SIZE: someBytes.default(8_192).describe('The longest target of a request, path and query together. More is 414.'),
    GATEWAY_MAX_HEADER_SIZE: someBytes.default(16_384).describe('The size of all header names and values of a request together. More is 431.'),
    GATEWAY_MAX_HEADERS: count.default(200).describe('How many header lines a request may have. More is 431.'),
    GATEWAY_HEAD_TIMEOUT: someTime.default(10_000).describe('How long the head of a request may take to arrive. Longer is 408.'),
    GATEWAY_REQUEST_TIMEOUT: someTime.default(300_000).describe('How long a whole request, with its body, may take to arrive. Longer is 408.'),
    GATEWAY_KEEP_ALIVE_TIMEOUT: someTime.default(75_000).describe('How long a connection may be idle between two requests. Longer than load balancers in front keep theirs.'),
    GATEWAY_SLOW_CLIENT_TIMEOUT: someTime.default(8_000).describe('A client whose body arrives, or who takes an answer that waits for it, slower than GATEWAY_MIN_RATE for this long is cut off.'),
    GATEWAY_MIN_RATE: bytes.default(256).describe('Bytes a second that a body has to arrive with, and a waiting answer has to be taken with. 0: any.'),
    GATEWAY_MAX_CONNECTIONS: count.default(10_000).describe('How many connections clients may have open together. Further ones are closed at once.'),
    GATEWAY_TRUSTED_PROXIES: proxies
      .prefault('')
      .describe('Addresses and networks (10.0.0.0/8) of proxies, with commas between them. Forwarded, X-Forwarded-* and the like are taken from these alone. Unset: from nobody.'),
    GATEWAY_SHUTDOWN_DELAY: duration.default(0).describe('On SIGTERM: how long new connections are still taken after readiness is off. As long as load balancers need to notice.'),
    GATEWAY_DRAIN_TIMEOUT: duration.default(10_000).describe('On SIGTERM: how long requests in progress may take to end. Event streams are ended after half of it, so that clients reconnect.'),
  })
  .refine((env) => env.GATEWAY_HEAD_TIMEOUT <= env.GATEWAY_REQUEST_TIMEOUT, { path: ['GATEWAY_HEAD_TIMEOUT'], message: 'Must not be longer than GATEWAY_REQUEST_TIMEOUT.' })
  .transform((env) => ({
    limits: {
      maxUrlBytes: env.GATEWAY_MAX_URL_SIZE,
      maxHeaderBytes: env.GATEWAY_MAX_HEADER_SIZE,
      maxHeaders: env.GATEWAY_MAX_HEADERS,
      headTimeoutMs: env.GATEWAY_HEAD_TIMEOUT,
      requestTimeoutMs: env.GATEWAY_REQUEST_TIMEOUT,
      keepAliveMs: env.GATEWAY_KEEP_ALIVE_TIMEOUT,
      slowClientMs: env.GATEWAY_SLOW_CLIENT_TIMEOUT,
      minBytesPerSecond: env.GATEWAY_MIN_RATE,
      maxConnections: env.GATEWAY_MAX_CONNECTIONS,
    },
    trustedProxies: env.GATEWAY_TRUSTED_PROXIES,
    shutdownDelayMs: env.GATEWAY_SHUTDOWN_DELAY,
    drainTimeoutMs: env.GATEWAY_DRAIN_TIMEOUT,
  }));
