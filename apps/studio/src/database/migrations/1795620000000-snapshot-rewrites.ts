import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the whole of a namespace was last written anew, which all processes have to know of each other. */
export class SnapshotRewrites1795620000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE snapshot_namespaces ADD rewritten_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE snapshot_namespaces DROP COLUMN rewritten_at`);
  }
}
