import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the program of a plugin was when it was registered. */
export class PluginDigest1795210000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE plugins ADD COLUMN digest text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE plugins DROP COLUMN digest`);
  }
}
