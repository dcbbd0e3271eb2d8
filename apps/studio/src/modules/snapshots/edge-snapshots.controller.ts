import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { etagOf } from '@sluice/edge-link';
import type { FastifyReply } from 'fastify';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers } from '../../http/zod';
import { EdgeSnapshotsService } from './edge-snapshots.service';

@Controller('edge/v1/snapshots')
export class EdgeSnapshotsController {
  constructor(private readonly snapshots: EdgeSnapshotsService) {}

  /** The very bytes that were signed and stored, so this route writes the answer itself. */
  @Get(':namespace')
  @Policy({ edge: true })
  @Answers('Fetch the newest snapshot of a namespace; `default` is the one without a name')
  async get(@Ctx() ctx: RequestContext, @Param('namespace') namespace: string, @Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const snapshot = await this.snapshots.current(ctx, namespace);
    const etag = etagOf(snapshot);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (knows(known, etag)) await reply.status(304).send();
    else await reply.status(200).header('content-type', 'application/json').send(snapshot.body);
  }
}

/** If-None-Match as RFC 9110 has it: a list, compared weakly, or `*`. */
function knows(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
