import { Inject, Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { assertNever } from '@sluice/kernel';
import { objectHookName, type ObjectHookPoint, type PlannedHook } from '@sluice/governance';
import type { Logger } from 'pino';
import { UnitOfWork } from '../../database/unit-of-work';
import type { RequestContext } from '../../http/request-context';
import { LOGGER } from '../../process.module';
import { AuditService } from '../audit';
import { shown, type HookFailure } from './hook-answer';
import { objectHookErrors } from './object-hook-errors';

export type HookOutcome = 'allowed' | 'modified' | 'rejected' | 'refused' | 'skipped';

/** What becomes of a write when a hook of it fails: its policy decides, and it is never passed over in silence. */
@Injectable()
export class HookFailures {
  private readonly outcomes = metrics.getMeter('studio').createCounter('sluice_object_hooks_total', {
    description: 'Object hooks by what came of them; refused and skipped are those that failed.',
  });

  constructor(
    private readonly work: UnitOfWork,
    private readonly audit: AuditService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  count(hook: PlannedHook, point: ObjectHookPoint, outcome: HookOutcome): void {
    this.outcomes.add(1, { plugin_id: hook.pluginId, hook: objectHookName(point), outcome });
  }

  /**
   * Under `fail_open` resolves once the audit log has a row that says so, which is there whatever becomes of the write.
   * @throws objectHooks.pluginUnavailable or objectHooks.pluginFailed under `fail_closed`.
   */
  async settle(ctx: RequestContext, hook: PlannedHook, point: ObjectHookPoint, operationId: string, failure: HookFailure): Promise<void> {
    const name = objectHookName(point);
    const fields = { plugin_id: hook.pluginId, hook: name, policy: hook.policy, operation_id: operationId, reason: shown(failure.deed) };
    this.logger.warn({ event: 'object_hook.failed', ...fields, request_id: ctx.requestId });
    switch (hook.policy) {
      case 'fail_closed':
        this.count(hook, point, 'refused');
        throw refusal(hook, name, failure);
      case 'fail_open':
        this.count(hook, point, 'skipped');
        return this.work.run(ctx, (tx) => this.audit.record(tx, ctx, { action: 'object_hook.skip', targetType: 'plugin', targetId: hook.pluginId, changes: fields }));
      default:
        return assertNever(hook.policy);
    }
  }
}

function refusal({ pluginId, pluginName }: PlannedHook, name: string, { how, deed }: HookFailure): Error {
  const Refusal = how === 'wrong' ? objectHookErrors.pluginFailed : objectHookErrors.pluginUnavailable;
  const detail = `Nothing was written: the plugin "${pluginName}" (id ${pluginId}) has to be asked first (hook ${name}), and it ${deed}. Mend or deactivate the plugin, or give this hook the policy fail_open.`;
  return new Refusal({ pluginId, hook: name, deed }, { detail });
}
