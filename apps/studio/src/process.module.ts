import { Global, Module, type DynamicModule } from '@nestjs/common';
import { systemClock, type Clock } from '@sluice/kernel';
import type { Telemetry } from '@sluice/platform-telemetry';
import type { Logger } from 'pino';
import { StudioConfig } from './config';

/** pino's logger of this process. */
export const LOGGER = Symbol('LOGGER');
export const TELEMETRY = Symbol('TELEMETRY');
export const CLOCK = Symbol('CLOCK');

export interface StudioProcess {
  config: StudioConfig;
  logger: Logger;
  telemetry: Telemetry;
  clock?: Clock;
}

/** What main.ts made before Nest started, for everyone to inject. */
@Global()
@Module({})
export class ProcessModule {
  static of(studio: StudioProcess): DynamicModule {
    const providers = [
      { provide: StudioConfig, useValue: studio.config },
      { provide: LOGGER, useValue: studio.logger },
      { provide: TELEMETRY, useValue: studio.telemetry },
      { provide: CLOCK, useValue: studio.clock ?? systemClock },
    ];
    return { module: ProcessModule, providers, exports: providers };
  }
}
