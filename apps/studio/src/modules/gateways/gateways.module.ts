import { Module } from '@nestjs/common';
import { PluginCrashesModule } from '../plugin-crashes';
import { SnapshotsModule } from '../snapshots';
import { EdgeController } from './edge.controller';
import { GatewayEnrolmentService } from './gateway-enrolment.service';
import { GatewayReportsService } from './gateway-reports.service';
import { GatewayController } from './gateway.controller';
import { GatewayService } from './gateway.service';

@Module({
  imports: [SnapshotsModule, PluginCrashesModule],
  controllers: [GatewayController, EdgeController],
  providers: [GatewayService, GatewayEnrolmentService, GatewayReportsService],
  exports: [GatewayService],
})
export class GatewaysModule {}
