import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ServiceApiModule } from './service-api.module';
import { SWEEP_PLUGIN_KV_QUEUE, SweepPluginKvProcessor } from './sweep-plugin-kv.processor';

/** Only in processes that run jobs. */
@Module({ imports: [ServiceApiModule, BullModule.registerQueue({ name: SWEEP_PLUGIN_KV_QUEUE })], providers: [SweepPluginKvProcessor] })
export class ServiceApiJobsModule {}
