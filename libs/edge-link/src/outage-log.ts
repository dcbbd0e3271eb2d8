import type { LinkLogger } from './link-logger';

/** Says once that something fails, and once that it works again, however many attempts lie between. */
export class OutageLog {
  private since: number | undefined;

  constructor(
    private readonly logger: LinkLogger,
    /** For example `redis`. */
    private readonly peer: string,
  ) {}

  failed(error: unknown): void {
    if (this.since !== undefined) return;
    this.since = Date.now();
    this.logger.warn({ event: 'link.down', peer: this.peer, err: error }, `${this.peer} fails; trying on`);
  }

  worked(): void {
    if (this.since === undefined) return;
    this.logger.info({ event: 'link.up', peer: this.peer, outageMs: Date.now() - this.since }, `${this.peer} works again`);
    this.since = undefined;
  }
}
