/** What a gateway answered. */
export interface Sighting {
  revision: number;
  fact: number;
}

const KEPT_VIOLATIONS = 20;

/** Judges every answer of every gateway. */
export class Checker {
  private readonly factOfRevision = new Map<number, number>();
  private readonly newest = new Map<string, Sighting>();
  private violations: string[] = [];
  answers = 0;

  /** The newest that this gateway is known to be at; undefined before its first answer. */
  newestOf(gateway: string): Sighting | undefined {
    return this.newest.get(gateway);
  }

  /** @param before `newestOf` when the request was sent. */
  saw(gateway: string, before: Sighting | undefined, { revision, fact }: Sighting): void {
    this.answers += 1;
    const known = this.factOfRevision.get(revision);
    if (known === undefined) this.factOfRevision.set(revision, fact);
    else if (known !== fact) this.violation(`${gateway} answered fact ${fact} with revision ${revision}, which others answered with fact ${known}: half a revision`);
    if (before && revision < before.revision) this.violation(`${gateway} went back from revision ${before.revision} to ${revision}`);
    if (before && fact < before.fact) this.violation(`${gateway} went back from fact ${before.fact} to ${fact}`);
    const newest = this.newest.get(gateway);
    if (!newest || revision > newest.revision) this.newest.set(gateway, { revision, fact });
  }

  /** What was seen with this revision, on whichever gateway. */
  factOf(revision: number): number | undefined {
    return this.factOfRevision.get(revision);
  }

  /** The gateway begins with what it has kept, which must be as new as this. */
  restarts(gateway: string, atLeast: Sighting | undefined): void {
    if (atLeast) this.newest.set(gateway, atLeast);
    else this.newest.delete(gateway);
  }

  violation(what: string): void {
    if (this.violations.length < KEPT_VIOLATIONS) this.violations.push(what);
  }

  /** Since the last time. */
  takeViolations(): string[] {
    return this.violations.splice(0);
  }
}
