import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../config';
import { UnitOfWork } from '../../database/unit-of-work';
import { DEFAULT_ORGANIZATION_ID, systemContext } from '../../http/request-context';
import { LOGGER } from '../../process.module';
import { AuditService } from '../audit';
import { SystemEvents } from '../events';
import { generatePassword, hashPassword } from './passwords';
import { UserEntity } from './user.entity';

/** Makes the administrator on the first start, and only then: nothing here changes a user that exists. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly config: StudioConfig,
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly events: SystemEvents,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.dataSource.manager.exists(UserEntity)) return;
    const ctx = systemContext('first start');
    const { email, password = generatePassword() } = this.config.admin;
    const created = await this.unitOfWork.run(ctx, async (tx) => {
      // Two studios may start for the first time together.
      await tx.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
      if ((await tx.count(UserEntity)) > 0) return false;
      const passwordHash = await hashPassword(password);
      const user = await tx.save(tx.create(UserEntity, { email, passwordHash, name: 'Administrator', isAdmin: true, organizationId: DEFAULT_ORGANIZATION_ID }));
      await this.audit.record(tx, ctx, { action: 'user.create', targetType: 'user', targetId: user.id, changes: { email, is_admin: true } });
      await this.events.announce(tx, { ...user, noun: 'user', verb: 'created' });
      return true;
    });
    if (!created) return;
    this.logger.info({ event: 'user.first_administrator', email });
    if (this.config.admin.password === undefined) process.stdout.write(`\nThe administrator ${email} was made with the password ${password}\nThis is the only time it is shown.\n\n`);
  }
}
