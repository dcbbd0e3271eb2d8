import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { EdgePayloadsModule } from './edge-payloads.module';
import { EXPIRE_DEAD_PAYLOADS_QUEUE, ExpireDeadPayloadsProcessor } from './expire-dead-payloads.processor';

/** Only in processes that run jobs. */
@Module({ imports: [EdgePayloadsModule, BullModule.registerQueue({ name: EXPIRE_DEAD_PAYLOADS_QUEUE })], providers: [ExpireDeadPayloadsProcessor] })
export class EdgePayloadJobsModule {}
