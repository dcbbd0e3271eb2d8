import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { etagOf } from '@sluice/edge-link';
import type { FastifyReply } from 'fastify';
import { httpErrors } from '../../../http/errors';
import { Policy } from '../../../http/policy';
import { Ctx, type RequestContext } from '../../../http/request-context';
import { Answers, ZodQuery } from '../../../http/zod';
import { chunkQuery, deltasQuery, type ChunkQuery, type DeltasQuery } from './edge-snapshots.schema';
import { EdgeSnapshotsService } from './edge-snapshots.service';
import { knowsTag } from './if-none-match';
import { preferredWaitSeconds } from './prefer-wait';

const PREFIX = /^[0-9a-f]{2}$/;

/** The very bytes that lie in Redis, so these routes write their answers themselves. */
@Controller('edge/v1/snapshots/:namespace')
@Policy({ edge: true })
export class EdgeSnapshotsController {
  constructor(private readonly snapshots: EdgeSnapshotsService) {}

  /** With `If-None-Match` and `Prefer: wait=N`, answers when there is something newer, or with 304 after N seconds. */
  @Get()
  @Answers('Fetch the index of the newest snapshot of a namespace; `default` is the one without a name')
  async newest(
    @Ctx() ctx: RequestContext,
    @Param('namespace') namespace: string,
    @Headers('if-none-match') known: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const seconds = preferredWaitSeconds(prefer);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const knows = (etag: string): boolean => knowsTag(known, etag);
    const newest = await this.snapshots.newest(ctx, namespace, { knows, waitMs: (seconds ?? 0) * 1_000, signal: gone.signal });
    const etag = etagOf(newest);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (seconds !== undefined) void reply.header('preference-applied', `wait=${seconds}`);
    if (knows(etag)) await reply.status(304).send();
    else await reply.status(200).header('content-type', 'application/vnd.sluice.snapshot-index').send(await this.snapshots.index(newest));
  }

  @Get('deltas')
  @Answers('Fetch the deltas that follow a revision, one a line')
  async deltas(@Ctx() ctx: RequestContext, @Param('namespace') namespace: string, @ZodQuery(deltasQuery) query: DeltasQuery, @Res() reply: FastifyReply): Promise<void> {
    const deltas = await this.snapshots.deltas(ctx, namespace, query);
    await reply.header('cache-control', 'private, no-store').header('content-type', 'application/x-ndjson').send(deltas);
  }

  /** A chunk never changes: it belongs to one revision. */
  @Get('chunks/:prefix')
  @Answers('Fetch the records of a snapshot whose hash begins with two digits')
  async chunk(@Param('namespace') namespace: string, @Param('prefix') prefix: string, @ZodQuery(chunkQuery) query: ChunkQuery, @Res() reply: FastifyReply): Promise<void> {
    if (!PREFIX.test(prefix)) throw new httpErrors.routeNotFound();
    const chunk = await this.snapshots.chunk(namespace, query, Number.parseInt(prefix, 16));
    await reply.header('cache-control', 'private, max-age=3600, immutable').header('content-type', 'application/x-ndjson').send(chunk);
  }
}
