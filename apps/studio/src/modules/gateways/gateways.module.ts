import { Module } from '@nestjs/common';
import { EdgePayloadsModule } from '../edge-payloads';
import { NamespaceKeysModule } from '../namespace-keys';
import { PluginCrashesModule } from '../plugin-crashes';
import { RefusedCallsModule } from '../refused-calls';
import { SnapshotsModule } from '../snapshots';
import { EdgeController } from './edge.controller';
import { EnrolmentTokenController } from './enrolment/enrolment-token.controller';
import { EnrolmentTokenService } from './enrolment/enrolment-token.service';
import { GatewayAdmission } from './enrolment/gateway-admission';
import { GatewayEnrolmentService } from './gateway-enrolment.service';
import { GatewayIdentityModule } from './gateway-identity.module';
import { GatewayKeyRecords } from './gateway-key-records';
import { GatewayKeySealing } from './gateway-key-sealing';
import { GatewayMailService } from './gateway-mail.service';
import { GatewayRemovalService } from './gateway-removal.service';
import { GatewayReportsService } from './gateway-reports.service';
import { GatewayStandings } from './gateway-standings';
import { GatewaySignatures } from './gateway-signatures';
import { GatewayController } from './gateway.controller';
import { GatewayService } from './gateway.service';

@Module({
  imports: [SnapshotsModule, NamespaceKeysModule, GatewayIdentityModule, EdgePayloadsModule, RefusedCallsModule, PluginCrashesModule],
  // The words of a path before its ids.
  controllers: [EnrolmentTokenController, GatewayController, EdgeController],
  providers: [EnrolmentTokenService, GatewayAdmission, GatewayKeySealing, GatewayKeyRecords, GatewayRemovalService, GatewayStandings, GatewayService, GatewayEnrolmentService, GatewayReportsService, GatewaySignatures, GatewayMailService],
  exports: [GatewayService],
})
export class GatewaysModule {}
