import type { Telemetry } from '@sluice/platform-telemetry';
import type { Readiness } from '../http/readiness';
import type { WorkerQuestion } from './messages';
import type { WorkerPool } from './worker-pool';

/** What any worker answers for the whole gateway. */
export class WorkerAnswers {
  constructor(
    private readonly readiness: Readiness,
    private readonly telemetry: Telemetry,
  ) {}

  async answer(question: Exclude<WorkerQuestion, { what: 'piece' | 'alive' }>, pool: WorkerPool): Promise<unknown> {
    if (question.what === 'metrics') return pool.metricsText(await this.telemetry.metricsText());
    return question.verbose ? this.readiness.verbose(question.minRevision) : this.readiness.report(question.minRevision);
  }
}
