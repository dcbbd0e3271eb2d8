import { z } from 'zod';

const epoch = z.string().min(1).max(100).describe('The epoch of the revision.');
const revision = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const deltasQuery = z.strictObject({ epoch, after: revision.describe('What the gateway serves.') });
export type DeltasQuery = z.output<typeof deltasQuery>;

export const chunkQuery = z.strictObject({ epoch, revision: revision.describe('The revision of the index that names the chunk.') });
export type ChunkQuery = z.output<typeof chunkQuery>;
