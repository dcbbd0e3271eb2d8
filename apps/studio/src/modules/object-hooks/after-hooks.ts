import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { RequestContext } from '../../http/request-context';
import { LOGGER } from '../../process.module';
import type { HookedObject, HookedOperation } from './hooked-write';
import { ObjectHooks } from './object-hooks.service';

/** Tells plugins of writes without keeping whoever wrote waiting. Of one object they hear in the order of its writes. */
@Injectable()
export class AfterHooks implements BeforeApplicationShutdown {
  private readonly lanes = new Map<string, Promise<void>>();

  constructor(
    private readonly hooks: ObjectHooks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  tell(ctx: RequestContext, operation: HookedOperation<HookedObject>, objectId: number, object: HookedObject): void {
    const name = `${operation.objectType} ${objectId}`;
    const lane = (this.lanes.get(name) ?? Promise.resolve())
      .then(() => this.hooks.tellAfter(ctx, operation, object))
      .catch((error: unknown) => this.logger.error({ event: 'object_hook.not_told', object: name, operation_id: operation.id, err: error }))
      .finally(() => {
        if (this.lanes.get(name) === lane) this.lanes.delete(name);
      });
    this.lanes.set(name, lane);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.values());
  }
}
