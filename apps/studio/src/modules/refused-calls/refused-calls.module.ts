import { Module } from '@nestjs/common';
import { RefusedCallAudit } from './refused-call-audit';

@Module({ providers: [RefusedCallAudit], exports: [RefusedCallAudit] })
export class RefusedCallsModule {}
