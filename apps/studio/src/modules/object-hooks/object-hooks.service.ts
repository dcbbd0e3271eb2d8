import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { objectHookName, type ObjectHookPoint, type PlannedHook } from '@sluice/governance';
import type { Clock } from '@sluice/kernel';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { askObjectHook } from './ask-object-hook';
import { HookFailures } from './hook-failures';
import { wrong, type HookAnswer } from './hook-answer';
import type { HookedObject, HookedOperation, HookedWrite, HookNote } from './hooked-write';
import { objectHookErrors } from './object-hook-errors';
import { ObjectHookHost } from './object-hook-host';
import { ObjectHookPlans } from './object-hook-plans';

type Question = Pick<HookedOperation<HookedObject>, 'id' | 'object' | 'metadata'>;

/** Asks plugins about writes. Never inside a transaction: an answer may take seconds. */
@Injectable()
export class ObjectHooks {
  constructor(
    private readonly plans: ObjectHookPlans,
    private readonly host: ObjectHookHost,
    private readonly failures: HookFailures,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Asks before a write, one plugin after the other: each sees what those before it made of the object.
   * @throws objectHooks.rejected when a plugin says no, and the errors of HookFailures.
   */
  async before<T extends HookedObject>(ctx: RequestContext, write: HookedWrite<T>): Promise<HookedOperation<T>> {
    const { objectType, verb } = write;
    const point: ObjectHookPoint = { objectType, moment: 'before', verb };
    const id = randomUUID();
    const notes: HookNote[] = [];
    let { object } = write;
    let metadata: Readonly<Record<string, string>> = {};
    const hooks = await this.plans.at(organizationOf(ctx), point);
    for (const hook of hooks) {
      const answer = await this.ask(ctx, hook, point, { id, object, metadata });
      if (answer.kind === 'rejected') throw this.rejection(hook, point, answer.reason);
      const taken = answer.kind === 'allowed' ? take(answer, write) : answer;
      if (taken.kind === 'failed') {
        await this.failures.settle(ctx, hook, point, id, taken);
        continue;
      }
      const modified = taken.object !== null;
      this.failures.count(hook, point, modified ? 'modified' : 'allowed');
      object = taken.object ?? object;
      metadata = { ...metadata, ...taken.metadata };
      if (modified || taken.message !== '') notes.push({ plugin_id: hook.pluginId, modified, message: taken.message });
    }
    return { objectType, verb, id, asked: hooks.length > 0, object, metadata, notes };
  }

  /** Tells plugins what has been written, in their order. Whatever they answer, it stays written. */
  async tellAfter(ctx: RequestContext, { objectType, verb, id, metadata }: HookedOperation<HookedObject>, object: HookedObject): Promise<void> {
    const point: ObjectHookPoint = { objectType, moment: 'after', verb };
    for (const hook of await this.plans.at(organizationOf(ctx), point)) {
      const answer = await this.ask(ctx, hook, point, { id, object, metadata });
      if (answer.kind === 'failed') await this.failures.settle(ctx, hook, point, id, answer);
      else this.failures.count(hook, point, answer.kind === 'rejected' ? 'rejected' : 'allowed');
    }
  }

  private async ask(ctx: RequestContext, hook: PlannedHook, point: ObjectHookPoint, { id, object, metadata }: Question): Promise<HookAnswer> {
    const generation = this.host.serving(hook.pluginId);
    if (!generation) {
      const reason = this.host.whyNot(hook.pluginId);
      return { kind: 'failed', how: 'down', deed: `is not running${reason && ` (${reason.replace(/\.$/, '')})`}` };
    }
    return askObjectHook(ctx, generation, { point, operationId: id, object, metadata, now: this.clock.now() });
  }

  private rejection(hook: PlannedHook, point: ObjectHookPoint, reason: string): Error {
    this.failures.count(hook, point, 'rejected');
    const name = objectHookName(point);
    return new objectHookErrors.rejected({ pluginId: hook.pluginId, hook: name }, { detail: `The plugin "${hook.pluginName}" does not allow this (${name}): ${reason}` });
  }
}

/** The answer with the object in its own type, or the failure that it cannot be written. */
function take<T extends HookedObject>(answer: Extract<HookAnswer, { kind: 'allowed' }>, write: HookedWrite<T>) {
  if (answer.object === null) return { ...answer, object: null };
  const accepted = write.accept(answer.object);
  return accepted.ok ? { ...answer, object: accepted.object } : wrong(`changed the object so that it cannot be written: ${accepted.reason}`);
}
