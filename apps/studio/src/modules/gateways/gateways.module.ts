import { Module } from '@nestjs/common';
import { EdgePayloadsModule } from '../edge-payloads';
import { PluginCrashesModule } from '../plugin-crashes';
import { RefusedCallsModule } from '../refused-calls';
import { SnapshotsModule } from '../snapshots';
import { EdgeController } from './edge.controller';
import { GatewayEnrolmentService } from './gateway-enrolment.service';
import { GatewayMailService } from './gateway-mail.service';
import { GatewayReportsService } from './gateway-reports.service';
import { GatewaySignatures } from './gateway-signatures';
import { GatewayController } from './gateway.controller';
import { GatewayService } from './gateway.service';

@Module({
  imports: [SnapshotsModule, EdgePayloadsModule, RefusedCallsModule, PluginCrashesModule],
  controllers: [GatewayController, EdgeController],
  providers: [GatewayService, GatewayEnrolmentService, GatewayReportsService, GatewaySignatures, GatewayMailService],
  exports: [GatewayService],
})
export class GatewaysModule {}
