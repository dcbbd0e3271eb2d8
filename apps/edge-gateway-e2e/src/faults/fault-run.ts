import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@sluice/testing';
import type { StudioApi } from '../stack/studio-api';
import type { Checker, Sighting } from './checker';
import { type DoomedToken, type Facts, SLUG } from './facts';
import type { SeededRandom } from './seeded-random';
import type { FaultGateway } from './stack/fault-gateway';
import type { FaultStack } from './stack/fault-stack';

/** What has to hold again this long after a fault has ended, or where it does not reach. */
export const CONVERGED_MS = 10_000;
/** A change to a gateway that nothing is wrong with; far more than it takes, for machines that are busy. */
export const PROMPT_MS = 3_000;

/** It tells the studio when it has stored something, and may be waiting to try that again after the studio was away. */
const STORED_MS = 40_000;

/** On what terms faults are run. */
export interface Terms {
  /** The long true versions with every seed. */
  full: boolean;
  /** Bounds are so many times as long, on a machine that has other things to do. */
  patience: number;
}

/** One fault with one seed: what it may do, and what is expected of the stack meanwhile. */
export class FaultRun {
  private doomed: DoomedToken | undefined;
  private revoked = false;

  constructor(
    readonly stack: FaultStack,
    readonly facts: Facts,
    readonly checker: Checker,
    readonly random: SeededRandom,
    private readonly seed: number,
    readonly terms: Terms,
  ) {}

  get full(): boolean {
    return this.terms.full;
  }

  get api(): StudioApi {
    return this.stack.api;
  }

  /** Shorter where the meaning stays; the long version with `--full`. */
  time(shortMs: number, fullMs: number): number {
    return this.full ? fullMs : shortMs;
  }

  /** As it stands in what is promised, with the first seed; shorter with the others. */
  literally(short: number, promised: number): number {
    return this.full || this.seed === 1 ? promised : short;
  }

  /** Chosen by the seed. */
  anyGateway(): FaultGateway {
    return this.random.of(this.stack.gateways);
  }

  othersThan(gateway: FaultGateway): FaultGateway[] {
    return this.stack.gateways.filter((each) => each !== gateway);
  }

  pause(fromMs: number, toMs = fromMs): Promise<void> {
    return sleep(this.random.between(fromMs, toMs));
  }

  /** The gateway answers the requests of the test from now on. */
  async served(gateway: FaultGateway, withinMs = 30_000): Promise<void> {
    const headers = { authorization: `Bearer ${this.facts.apps.at(-1)!.token}` };
    const answers = async () => (await fetch(`${gateway.url}/plugins/${SLUG}/private/x`, { headers })).ok;
    await waitFor(answers, { timeoutMs: withinMs * this.terms.patience, message: () => `${gateway.name} serves\n${gateway.log}` });
    gateway.nowServing();
  }

  /** Changes all facts. @returns the new one. */
  change(api = this.api): Promise<number> {
    return this.facts.change(api);
  }

  /** As one of those whose outcome nobody is told. */
  async changeIfPossible(): Promise<void> {
    await this.change().catch(() => undefined);
  }

  /** These gateways answer with this fact, or a later one, in time. */
  async reaches(fact: number, gateways: readonly FaultGateway[] = this.stack.gateways, withinMs = CONVERGED_MS): Promise<void> {
    const late = () => gateways.filter(({ name }) => (this.checker.newestOf(name)?.fact ?? -1) < fact);
    const message = () => `fact ${fact} is enforced on ${late().map(({ name }) => `${name}, which is at ${JSON.stringify(this.checker.newestOf(name))}`).join(' and ')}`;
    await waitFor(() => late().length === 0, { timeoutMs: withinMs * this.terms.patience, intervalMs: 5, message });
  }

  /** And all of them are at the same revision, of the same content. */
  async agree(withinMs = CONVERGED_MS): Promise<void> {
    const roots = () => Promise.all(this.stack.gateways.map(async (gateway) => gateway.readiness().then(({ revision, root }) => `${revision} ${root}`)));
    let last: string[] = [];
    await waitFor(async () => new Set((last = await roots())).size === 1, { timeoutMs: withinMs * this.terms.patience, message: () => `the gateways agree; they are at ${last.join(', ')}` });
  }

  /** Makes the token that is revoked in this run, and waits until it is known everywhere. */
  async doom(): Promise<void> {
    this.doomed = await this.facts.newToken(this.api);
    await this.answersToDoomed(200, this.stack.gateways, CONVERGED_MS);
  }

  /** Once, wherever in the fault. */
  async revoke(): Promise<void> {
    if (this.revoked || !this.doomed) return;
    await this.facts.revoke(this.api, this.doomed);
    this.revoked = true;
  }

  async refuses(gateways: readonly FaultGateway[] = this.stack.gateways, withinMs = CONVERGED_MS): Promise<void> {
    await this.answersToDoomed(401, gateways, withinMs);
  }

  /** The newest that a gateway has stored: it tells the studio when it has. */
  async stored(gateway: FaultGateway, atLeast = 0): Promise<Sighting> {
    const known = () => this.api.call<{ name: string; applied: { revision: number } | null }[]>('GET', '/api/v1/gateways?limit=200');
    const revision = await waitFor(
      async () => {
        const revisions = (await known()).filter(({ name }) => name === gateway.name).map(({ applied }) => applied?.revision ?? 0);
        return Math.max(0, ...revisions) >= Math.max(1, atLeast) && Math.max(...revisions);
      },
      { timeoutMs: STORED_MS * this.terms.patience, intervalMs: 200, message: () => `${gateway.name} has stored revision ${atLeast}\n${gateway.log}` },
    );
    return { revision, fact: this.checker.factOf(revision) ?? 0 };
  }

  /**
   * Kills it and starts it again. It must begin with what it is known to have stored; with undefined it may begin with anything, such as a
   * revision from before the plugin of the test, and serves when it has caught up. `between` happens while it is not there.
   */
  async restart(gateway: FaultGateway, kept: Sighting | undefined, between: () => unknown = () => undefined): Promise<void> {
    await gateway.kill();
    await between();
    this.checker.restarts(gateway.name, kept);
    if (kept) return gateway.run('/readyz');
    await gateway.run('/livez');
    await this.served(gateway);
  }

  private async answersToDoomed(status: number, gateways: readonly FaultGateway[], withinMs: number): Promise<void> {
    const headers = { authorization: `Bearer ${this.doomed!.token}` };
    await Promise.all(
      gateways.map(async (gateway) => {
        let last = 0;
        const answer = async () => (last = (await fetch(`${gateway.url}/plugins/${SLUG}/private/x`, { headers })).status);
        await waitFor(async () => (await answer()) === status, { timeoutMs: withinMs * this.terms.patience, message: () => `${gateway.name} answers ${status} to the token that is to be revoked; it answers ${last}` });
        // Refused once, it is refused for good.
        if (status === 401 && (await answer()) !== 401) this.checker.violation(`${gateway.name} takes a revoked token again`);
      }),
    );
  }
}
