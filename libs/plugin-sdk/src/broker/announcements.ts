import type { ConnInfo } from '@sluice/contracts/go-plugin';

/**
 * What the host said on the broker stream about where its services listen. The latest word on an id counts; taking it uses it
 * up, because the host announces an id again as soon as its connection is gone.
 */
export class Announcements {
  private readonly latest = new Map<number, ConnInfo>();
  private readonly waiting = new Map<number, Set<(info: ConnInfo) => void>>();

  announce(info: ConnInfo): void {
    const waiters = this.waiting.get(info.serviceId);
    if (!waiters) {
      this.latest.set(info.serviceId, info);
      return;
    }
    this.waiting.delete(info.serviceId);
    for (const waiter of waiters) waiter(info);
  }

  /** The announcement of this id, at once or within `timeoutMs`; undefined when none came. */
  take(id: number, timeoutMs: number): Promise<ConnInfo | undefined> {
    const announced = this.latest.get(id);
    this.latest.delete(id);
    if (announced) return Promise.resolve(announced);
    return new Promise((resolve) => {
      const waiters = this.waiting.get(id) ?? new Set();
      this.waiting.set(id, waiters);
      const waiter = (info: ConnInfo | undefined) => {
        clearTimeout(timer);
        waiters.delete(waiter);
        if (waiters.size === 0) this.waiting.delete(id);
        resolve(info);
      };
      const timer = setTimeout(() => waiter(undefined), timeoutMs);
      waiters.add(waiter);
    });
  }
}
