import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the operator wants to happen when a hook of a plugin fails. */
export class PluginFailurePolicies1795410000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE plugins ADD COLUMN failure_policies jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE plugins DROP COLUMN failure_policies`);
  }
}
