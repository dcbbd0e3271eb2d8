import { Module } from '@nestjs/common';
import { AfterHooks } from './after-hooks';
import { HookFailures } from './hook-failures';
import { ObjectHookHost } from './object-hook-host';
import { ObjectHookPlans } from './object-hook-plans';
import { ObjectHooks } from './object-hooks.service';

/** What plugins have a say in: modules with governed nouns ask it before they write, and tell it after. */
@Module({ providers: [ObjectHooks, AfterHooks, HookFailures, ObjectHookPlans, ObjectHookHost], exports: [ObjectHooks, AfterHooks, ObjectHookHost] })
export class ObjectHooksModule {}
