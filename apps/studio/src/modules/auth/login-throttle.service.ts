import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../process.module';
import { authErrors } from './auth.errors';
import { THROTTLE_WINDOW_MS, throttleLimits, type ThrottleLimit } from './login-throttle';

/** Counts in the database, so that all studios count together. */
@Injectable()
export class LoginThrottleService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts an attempt before it is made: attempts side by side cannot all pass because none has failed yet. */
  async enter(ip: string, email: string): Promise<void> {
    const now = new Date(this.clock.now());
    for (const limit of throttleLimits(ip, email)) await this.count(limit, now);
  }

  /** An attempt that was right was none of the failures. */
  async leave(ip: string, email: string): Promise<void> {
    const [pair, ...wide] = throttleLimits(ip, email).map((limit) => limit.subject);
    await this.dataSource.query('DELETE FROM login_throttles WHERE subject = $1 OR resets_at < $2', [pair, new Date(this.clock.now())]);
    await this.dataSource.query('UPDATE login_throttles SET failures = greatest(failures - 1, 0) WHERE subject = ANY($1)', [wide]);
  }

  private async count({ subject, limit }: ThrottleLimit, now: Date): Promise<void> {
    const [row] = await this.dataSource.query<{ failures: number; resets_at: Date }[]>(
      `INSERT INTO login_throttles (subject, failures, resets_at) VALUES ($1, 1, $2)
       ON CONFLICT (subject) DO UPDATE SET
         failures = CASE WHEN login_throttles.resets_at < $3 THEN 1 ELSE login_throttles.failures + 1 END,
         resets_at = CASE WHEN login_throttles.resets_at < $3 THEN $2 ELSE login_throttles.resets_at END
       RETURNING failures, resets_at`,
      [subject, new Date(now.getTime() + THROTTLE_WINDOW_MS), now],
    );
    if (!row || row.failures <= limit) return;
    throw new authErrors.tooManyAttempts({ subject, retryAfterSeconds: Math.ceil((row.resets_at.getTime() - now.getTime()) / 1_000) });
  }
}
