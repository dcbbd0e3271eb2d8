import { DataSource } from 'typeorm';
import { AppEntity } from '../modules/apps/app.entity';
import { AppTokenEntity } from '../modules/apps/app-token.entity';
import { AuditEntryEntity } from '../modules/audit/audit-entry.entity';
import { ApiKeyEntity } from '../modules/auth/api-key.entity';
import { LoginThrottleEntity } from '../modules/auth/login-throttle.entity';
import { SessionEntity } from '../modules/auth/session.entity';
import { EdgePayloadCursorEntity } from '../modules/edge-payloads/edge-payload-cursor.entity';
import { EdgePayloadEntity } from '../modules/edge-payloads/edge-payload.entity';
import { EnrolmentTokenEntity } from '../modules/gateways/enrolment/enrolment-token.entity';
import { GatewayEntity } from '../modules/gateways/gateway.entity';
import { GroupMemberEntity } from '../modules/groups/group-member.entity';
import { GroupEntity } from '../modules/groups/group.entity';
import { NamespaceKeyEntity } from '../modules/namespace-keys/namespace-key.entity';
import { OrganizationEntity } from '../modules/organizations/organization.entity';
import { PluginCrashEntity } from '../modules/plugin-crashes/plugin-crash.entity';
import { PluginEntity } from '../modules/plugins/plugin.entity';
import { PluginKvUsageEntity } from '../modules/service-api/plugin-kv-usage.entity';
import { PluginKvEntity } from '../modules/service-api/plugin-kv.entity';
import { SnapshotChangeEntity } from '../modules/snapshots/snapshot-change.entity';
import { SnapshotEpochEntity } from '../modules/snapshots/snapshot-epoch.entity';
import { SnapshotNamespaceEntity } from '../modules/snapshots/snapshot-namespace.entity';
import { SnapshotRecordEntity } from '../modules/snapshots/snapshot-record.entity';
import { SnapshotRevisionEntity } from '../modules/snapshots/snapshot-revision.entity';
import { UserEntity } from '../modules/users/user.entity';
import { Foundation1795000000000 } from './migrations/1795000000000-foundation';
import { PluginsAndEdge1795100000000 } from './migrations/1795100000000-plugins-and-edge';
import { PluginDigest1795210000000 } from './migrations/1795210000000-plugin-digest';
import { PluginCrashes1795220000000 } from './migrations/1795220000000-plugin-crashes';
import { EdgePayloads1795230000000 } from './migrations/1795230000000-edge-payloads';
import { DeadPayloads1795310000000 } from './migrations/1795310000000-dead-payloads';
import { SnapshotRevisions1795320000000 } from './migrations/1795320000000-snapshot-revisions';
import { PluginFailurePolicies1795410000000 } from './migrations/1795410000000-plugin-failure-policies';
import { PluginKvUsage1795510000000 } from './migrations/1795510000000-plugin-kv-usage';
import { DropSnapshotBodies1795610000000 } from './migrations/1795610000000-drop-snapshot-bodies';
import { SnapshotRewrites1795620000000 } from './migrations/1795620000000-snapshot-rewrites';
import { GatewayIdentity1795520000000 } from './migrations/1795520000000-gateway-identity';
import { SnakeNaming } from './naming';
import { outliveSessions } from './outlive-sessions';

/** Every table's entity, and nothing found by a glob. */
export const ENTITIES = [
  OrganizationEntity,
  UserEntity,
  SessionEntity,
  ApiKeyEntity,
  LoginThrottleEntity,
  GroupEntity,
  GroupMemberEntity,
  AppEntity,
  AppTokenEntity,
  AuditEntryEntity,
  PluginEntity,
  PluginKvEntity,
  PluginKvUsageEntity,
  SnapshotNamespaceEntity,
  SnapshotEpochEntity,
  SnapshotRevisionEntity,
  SnapshotRecordEntity,
  SnapshotChangeEntity,
  GatewayEntity,
  EnrolmentTokenEntity,
  NamespaceKeyEntity,
  PluginCrashEntity,
  EdgePayloadEntity,
  EdgePayloadCursorEntity,
];

/** In the order they run; the number in a name is the time of its writing. */
export const MIGRATIONS = [
  Foundation1795000000000,
  PluginsAndEdge1795100000000,
  PluginDigest1795210000000,
  PluginCrashes1795220000000,
  EdgePayloads1795230000000,
  DeadPayloads1795310000000,
  SnapshotRevisions1795320000000,
  PluginFailurePolicies1795410000000,
  PluginKvUsage1795510000000,
  GatewayIdentity1795520000000,
  DropSnapshotBodies1795610000000,
  SnapshotRewrites1795620000000,
];

export function createDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    // gen_random_uuid() is in Postgres itself.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: 'studio',
    extra: { max: 10, connectionTimeoutMillis: 10_000 },
  });
}

/** Connects to a database that is up to date. @throws Error when it is not: nothing should be written to tables that lag behind. */
export async function openDatabase(url: string): Promise<DataSource> {
  const dataSource = await createDataSource(url).initialize();
  outliveSessions(dataSource);
  if (!(await dataSource.showMigrations())) return dataSource;
  await dataSource.destroy();
  throw new Error('The database lacks migrations of this version. Run the studio once with STUDIO_ROLE=migrate.');
}
