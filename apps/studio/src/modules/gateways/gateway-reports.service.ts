import { Inject, Injectable } from '@nestjs/common';
import { Acknowledgement, CrashReport, Heartbeat, type Signed } from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import { DataSource, LessThan, MoreThan, Or, type FindOperator, type QueryDeepPartialEntity } from 'typeorm';
import { CLOCK } from '../../process.module';
import { SnapshotStore } from '../snapshots';
import { PluginCrashesService } from '../plugin-crashes';
import { toPluginCrash } from './gateway-crash-report';
import { gatewayErrors } from './gateway-errors';
import { toAppliedReport, toNack, toPluginState, type AppliedReport } from './gateway-report';
import { GatewaySignatures, readMessage } from './gateway-signatures';
import { GatewayEntity } from './gateway.entity';
import { SIGNED_TIME_TOLERANCE_MS } from './signed-time';

/** Takes what gateways say of themselves, once it is certain that they said it, now and for the first time. */
@Injectable()
export class GatewayReportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signatures: GatewaySignatures,
    private readonly snapshots: SnapshotStore,
    private readonly pluginCrashes: PluginCrashesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Renews the lease. @returns the newest revision of the gateway's namespace that it can fetch. */
  async heartbeat(signed: Signed | undefined): Promise<bigint> {
    const { gateway, payload } = await this.signatures.verify('Heartbeat', signed);
    const heartbeat = readMessage(() => Heartbeat.decode(payload));
    this.signatures.checkTime(heartbeat.sentAtMs);
    await this.store({ id: gateway.id, heartbeatSentAtMs: this.laterThan(heartbeat.sentAtMs) }, {
      heartbeatSentAtMs: String(heartbeat.sentAtMs),
      lastHeartbeatAt: new Date(this.clock.now()),
      pluginStates: heartbeat.plugins.map(toPluginState),
      ...(heartbeat.applied && appliedColumns(toAppliedReport(heartbeat.applied))),
    });
    return BigInt((await this.snapshots.newestRevision(gateway.namespace)) ?? 0);
  }

  /** Writes down what a gateway applied or refused. */
  async acknowledge(signed: Signed | undefined): Promise<void> {
    const { gateway, payload } = await this.signatures.verify('Acknowledgement', signed);
    const { sentAtMs, outcome, plugins } = readMessage(() => Acknowledgement.decode(payload));
    this.signatures.checkTime(sentAtMs);
    await this.store({ id: gateway.id, acknowledgementSentAtMs: this.laterThan(sentAtMs) }, {
      acknowledgementSentAtMs: String(sentAtMs),
      pluginStates: plugins.map(toPluginState),
      ...(outcome?.$case === 'applied' && { ...appliedColumns(toAppliedReport(outcome.value)), lastNack: null }),
      ...(outcome?.$case === 'refused' && { lastNack: toNack(outcome.value, new Date(this.clock.now())) }),
    });
    if (outcome?.$case === 'refused') await this.snapshots.refused(gateway.namespace, outcome.value);
  }

  /** Writes down crashes of plugins on a gateway. A report may come twice: its cards are known by their ids. */
  async crashes(signed: Signed | undefined): Promise<void> {
    const { gateway, payload } = await this.signatures.verify('CrashReport', signed);
    const { sentAtMs, cards } = readMessage(() => CrashReport.decode(payload));
    this.signatures.checkTime(sentAtMs);
    await this.pluginCrashes.record({ kind: 'gateway', id: gateway.id, namespace: gateway.namespace }, cards.map(toPluginCrash));
  }

  /** What the one before has to be for this one to be no replay. One from the future was let in by a clock that has been put right since. */
  private laterThan(sentAtMs: bigint): FindOperator<string> {
    return Or(LessThan(String(sentAtMs)), MoreThan(String(this.clock.now() + SIGNED_TIME_TOLERANCE_MS)));
  }

  /** The condition and the write are one statement, so that of two equal messages one is a replay. */
  private async store(condition: { id: number; heartbeatSentAtMs?: unknown; acknowledgementSentAtMs?: unknown }, columns: QueryDeepPartialEntity<GatewayEntity>): Promise<void> {
    const { affected } = await this.dataSource.manager.update(GatewayEntity, condition as object, columns);
    if (affected === 0) throw new gatewayErrors.replayed({ id: condition.id });
  }
}

function appliedColumns(applied: AppliedReport): QueryDeepPartialEntity<GatewayEntity> {
  return {
    appliedEpoch: applied.epoch,
    appliedRevision: String(applied.revision),
    appliedRoot: applied.root,
    appliedAt: applied.appliedAt,
    appliedSource: applied.source,
  };
}
