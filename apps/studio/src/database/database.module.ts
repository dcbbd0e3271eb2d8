import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../config';
import { openDatabase } from './data-source';
import { UnitOfWork } from './unit-of-work';

@Global()
@Module({
  providers: [{ provide: DataSource, inject: [StudioConfig], useFactory: (config: StudioConfig) => openDatabase(config.databaseUrl) }, UnitOfWork],
  exports: [DataSource, UnitOfWork],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
