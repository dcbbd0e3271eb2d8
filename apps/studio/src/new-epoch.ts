/** Begins a new epoch of snapshots after a restore from backup: node dist/new-epoch.js, with DATABASE_URL. */
import 'reflect-metadata';
import { loadMigrateConfig } from './config';
import { openDatabase } from './database/data-source';
import { beginEpoch } from './modules/snapshots/upkeep/begin-epoch';

async function main(): Promise<void> {
  const dataSource = await openDatabase(loadMigrateConfig().databaseUrl);
  try {
    const { epoch, namespaces } = await dataSource.transaction(beginEpoch);
    process.stdout.write(`Epoch ${epoch} has begun for ${namespaces} namespaces. Gateways take its snapshots whatever revision they serve.\n`);
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
