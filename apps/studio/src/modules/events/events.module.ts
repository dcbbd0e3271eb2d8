import { Global, Module } from '@nestjs/common';
import { SystemEvents } from './system-events';

@Global()
@Module({ providers: [SystemEvents], exports: [SystemEvents] })
export class EventsModule {}
