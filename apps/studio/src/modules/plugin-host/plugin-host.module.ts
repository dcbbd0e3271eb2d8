import { Module } from '@nestjs/common';
import { EdgePayloadsModule } from '../edge-payloads';
import { GatewaysModule } from '../gateways';
import { ObjectHooksModule } from '../object-hooks';
import { PluginCrashesModule } from '../plugin-crashes';
import { PluginsModule } from '../plugins';
import { RefusedCallsModule } from '../refused-calls';
import { ServiceApiModule } from '../service-api';
import { SnapshotsModule } from '../snapshots';
import { DeliveryLanes } from './delivery-lanes';
import { EdgePayloadDelivery } from './edge-payload-delivery';
import { EventLine } from './event-line';
import { ObjectHookLink } from './object-hook-link';
import { PluginCallsService } from './plugin-calls.service';
import { PluginHostController } from './plugin-host.controller';
import { PluginStatusService } from './plugin-status.service';
import { StudioCrashes } from './studio-crashes';
import { StudioPluginHost } from './studio-plugin-host';
import { SystemEventRelay } from './system-event-relay';

/** Runs plugins inside the studio. Only in processes that serve the API. */
@Module({
  imports: [PluginsModule, ObjectHooksModule, EdgePayloadsModule, RefusedCallsModule, ServiceApiModule, GatewaysModule, PluginCrashesModule, SnapshotsModule],
  controllers: [PluginHostController],
  providers: [StudioPluginHost, ObjectHookLink, EventLine, SystemEventRelay, StudioCrashes, PluginCallsService, PluginStatusService, EdgePayloadDelivery, DeliveryLanes],
})
export class PluginHostModule {}
