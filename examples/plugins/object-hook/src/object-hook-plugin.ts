import { BasePlugin, type Context, type ObjectHookCall, type ObjectHookHandler, type ObjectHookRegistration, type ObjectHookVerdict, type PluginConfig } from '@sluice/plugin-sdk';
import { type AppObject, type AppRules, fillIn, refuseDeletion, refuseName } from './app-rules';

const HOOK_TYPES = ['before_create', 'before_update', 'before_delete', 'after_create', 'after_update', 'after_delete'];

/** A class with object hooks: it is asked before each write of an app, and told after it. */
export class ObjectHookPlugin extends BasePlugin implements ObjectHookHandler {
  private rules: AppRules = { forbiddenWords: [], metadata: {}, keep: [] };

  constructor() {
    super({ id: 'com.example.object-hook', name: 'App rules', version: '1.0.0' });
  }

  initialize(_ctx: Context, config: PluginConfig): void {
    this.rules = { forbiddenWords: config.json('forbidden_words', []), metadata: config.json('metadata', {}), keep: config.json('keep', []) };
  }

  objectHooks(): readonly ObjectHookRegistration[] {
    return [{ objectType: 'app', hookTypes: HOOK_TYPES, priority: 10 }];
  }

  handleObjectHook(ctx: Context, { hookType, object, operationId, metadata }: ObjectHookCall): ObjectHookVerdict {
    const app = object as AppObject;
    switch (hookType) {
      case 'before_create':
      case 'before_update':
        return this.judge(app);
      case 'before_delete': {
        const reason = refuseDeletion(this.rules, app);
        return reason === undefined ? undefined : { allow: false, reason };
      }
      default:
        ctx.services.logger.info(`An app was written: ${hookType}.`, { app: app.name, operation: operationId, ...metadata });
        return undefined;
    }
  }

  private judge(app: AppObject): ObjectHookVerdict {
    const reason = refuseName(this.rules, app);
    if (reason !== undefined) return { allow: false, reason };
    const filled = fillIn(this.rules, app);
    // The metadata of a verdict is for the hooks that come later in the same operation, also after the write.
    return filled && { object: filled, metadata: { filled_in: 'true' }, message: 'Metadata was filled in.' };
  }
}
