import { createDataSource } from './data-source';

/** The statements that the ORM would need to make a migrated database look as the entities say. None, when the migrations are complete. */
export async function pendingChanges(url: string): Promise<string[]> {
  const dataSource = await createDataSource(url).initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}
