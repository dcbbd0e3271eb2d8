import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestContext } from '../http/request-context';

/** One transaction per use case: all of it is written, with its audit rows, or nothing. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  run<T>(ctx: RequestContext, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      // So that pg_stat_activity and Postgres' log tell whose transaction it is.
      await tx.query(`SELECT set_config('application_name', $1, true)`, [`studio ${ctx.requestId}`.slice(0, 63)]);
      return work(tx);
    });
  }
}
