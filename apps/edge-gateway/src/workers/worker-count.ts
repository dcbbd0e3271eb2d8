import { availableParallelism } from 'node:os';
import { z } from 'zod';

const WORKERS = /^(?:auto|[1-9]\d{0,2})$/;

/** How many processes answer requests. */
export const workersConfig = z
  .object({
    GATEWAY_WORKERS: z
      .string()
      .regex(WORKERS, 'Write a whole number above 0, or auto.')
      .default('1')
      .describe('How many processes answer requests; auto: as many as there are processors. With 1, the gateway is one process; with more, another one supervises them and the plugins.'),
  })
  .transform((env) => ({ count: env.GATEWAY_WORKERS === 'auto' ? availableParallelism() : Number(env.GATEWAY_WORKERS) }));
