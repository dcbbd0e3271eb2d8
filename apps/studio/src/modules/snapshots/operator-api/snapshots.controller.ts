import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { etagOf } from '@sluice/edge-link';
import type { FastifyReply } from 'fastify';
import { listBody } from '../../../http/pagination';
import { Policy } from '../../../http/policy';
import { Ctx, type RequestContext } from '../../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../../http/zod';
import { SnapshotCatalogService } from './snapshot-catalog.service';
import { planBody, planView, restoreBody, type PlanBody, type RestoreBody } from './snapshot-plan.schema';
import { SnapshotPlanService } from './snapshot-plan.service';
import { SnapshotRestoreService } from './snapshot-restore.service';
import {
  diffQuery,
  differenceView,
  snapshotDetailsView,
  snapshotQuery,
  snapshotsQuery,
  snapshotView,
  viewDifference,
  viewSnapshot,
  viewSnapshotDetails,
  type DiffQuery,
  type SnapshotQuery,
  type SnapshotsQuery,
} from './snapshot.schema';
import { viewPlan } from './view-plan';

@Controller('api/v1/snapshots')
export class SnapshotsController {
  constructor(
    private readonly catalog: SnapshotCatalogService,
    private readonly plans: SnapshotPlanService,
    private readonly restores: SnapshotRestoreService,
  ) {}

  @Get()
  @Policy({ scope: 'snapshots.read' })
  @Answers('List the snapshots of a namespace, newest first', snapshotView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(snapshotsQuery) query: SnapshotsQuery): Promise<object> {
    return listBody(await this.catalog.list(ctx, query), viewSnapshot);
  }

  @Get('diff')
  @Policy({ scope: 'snapshots.read' })
  @Answers('Compare two snapshots of a namespace, record by record', differenceView, { list: true })
  async diff(@Ctx() ctx: RequestContext, @ZodQuery(diffQuery) query: DiffQuery): Promise<object> {
    return listBody(await this.catalog.diff(ctx, query), viewDifference);
  }

  @Get(':revision')
  @Policy({ scope: 'snapshots.read' })
  @Answers('Read what is known of a snapshot', snapshotDetailsView)
  async get(@Ctx() ctx: RequestContext, @PathId('revision') revision: number, @ZodQuery(snapshotQuery) { namespace }: SnapshotQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const details = await this.catalog.get(ctx, namespace, revision);
    void reply.header('etag', etagOf(details.stored));
    return { data: viewSnapshotDetails(details) };
  }

  @Post('plan')
  @HttpCode(200)
  @Policy({ scope: 'snapshots.read' })
  @Answers('Say what a change would mean for gateways, without making it', planView)
  async plan(@Ctx() ctx: RequestContext, @ZodBody(planBody) body: PlanBody): Promise<object> {
    return { data: viewPlan(await this.plans.plan(ctx, body)) };
  }

  @Post(':revision/restore')
  @HttpCode(200)
  @Policy({ scope: 'snapshots.write' })
  @Answers('Put apps and plugins back to how a snapshot has them, as a new revision; tokens stay as they are', snapshotDetailsView)
  async restore(@Ctx() ctx: RequestContext, @PathId('revision') revision: number, @ZodBody(restoreBody) { namespace }: RestoreBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const details = await this.restores.restore(ctx, namespace, revision);
    void reply.header('etag', etagOf(details.stored));
    return { data: viewSnapshotDetails(details) };
  }
}
