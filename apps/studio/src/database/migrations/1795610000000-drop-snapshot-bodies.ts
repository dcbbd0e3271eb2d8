import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Snapshots as one document each. Gateways of the version before read nothing else, so they are brought up to date before the studio is. */
export class DropSnapshotBodies1795610000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE snapshots`);
    // What Redis has is in the older format: everything is published anew.
    await runner.query(`UPDATE snapshot_namespaces SET revision = revision + 1, published_revision = 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE snapshots (namespace text NOT NULL, epoch uuid NOT NULL, revision bigint NOT NULL, parent bigint, root text NOT NULL, body bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_snapshots PRIMARY KEY (namespace, epoch, revision))`);
    await runner.query(`CREATE TRIGGER snapshots_immutable BEFORE UPDATE ON snapshots FOR EACH ROW EXECUTE FUNCTION refuse_snapshot_update()`);
  }
}
