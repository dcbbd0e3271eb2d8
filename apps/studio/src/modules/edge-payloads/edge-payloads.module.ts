import { Module } from '@nestjs/common';
import { PluginsModule } from '../plugins';
import { DeadPayloadExpiry } from './dead-payload-expiry.service';
import { EdgePayloadIntake } from './edge-payload-intake.service';
import { EdgePayloadQueue } from './edge-payload-queue';
import { EdgePayloadController } from './edge-payload.controller';
import { EdgePayloadsService } from './edge-payloads.service';

/** What plugins send from gateways to the studio: taken in, kept, shown. Delivered it is where plugins run. */
@Module({
  imports: [PluginsModule],
  controllers: [EdgePayloadController],
  providers: [EdgePayloadIntake, EdgePayloadQueue, EdgePayloadsService, DeadPayloadExpiry],
  exports: [EdgePayloadIntake, EdgePayloadQueue, DeadPayloadExpiry],
})
export class EdgePayloadsModule {}
