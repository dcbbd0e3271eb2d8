import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much each plugin has stored; what is there already counts. */
export class PluginKvUsage1795510000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE plugin_kv_usage (plugin_id integer NOT NULL, bytes bigint NOT NULL DEFAULT 0,
      CONSTRAINT pk_plugin_kv_usage PRIMARY KEY (plugin_id),
      CONSTRAINT fk_plugin_kv_usage_plugin_id FOREIGN KEY (plugin_id) REFERENCES plugins (id) ON DELETE CASCADE)`);
    await runner.query(`INSERT INTO plugin_kv_usage (plugin_id, bytes) SELECT plugin_id, sum(octet_length(key) + octet_length(value) + 64) FROM plugin_kv GROUP BY plugin_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE plugin_kv_usage');
  }
}
