import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a payload is dead, so that it can be deleted some day. Those that are dead already begin now. */
export class DeadPayloads1795310000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE edge_payloads ADD COLUMN dead_at timestamptz');
    await runner.query(`UPDATE edge_payloads SET dead_at = now() WHERE state = 'dead'`);
    await runner.query('CREATE INDEX ix_edge_payloads_dead_at ON edge_payloads (dead_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE edge_payloads DROP COLUMN dead_at');
  }
}
