interface Group<Operation> {
  operations: Operation[];
  done: Promise<void>;
}

/**
 * Lets whoever writes while the disk is busy share the next trip to it. Groups reach the disk one after the other, in the order in
 * which their operations came.
 */
export class GroupCommit<Operation> {
  private writing: Promise<void> = Promise.resolve();
  private next: Group<Operation> | undefined;

  constructor(private readonly write: (operations: readonly Operation[]) => Promise<void>) {}

  /** Resolves when these operations are on the disk, all of them or, when it rejects, none. */
  commit(operations: readonly Operation[]): Promise<void> {
    this.next ??= this.newGroup();
    this.next.operations.push(...operations);
    return this.next.done;
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.next?.done.catch(() => undefined);
    await this.writing;
  }

  private newGroup(): Group<Operation> {
    const group: Group<Operation> = { operations: [], done: Promise.resolve() };
    group.done = this.writing.then(() => {
      this.next = undefined;
      return this.write(group.operations);
    });
    this.writing = group.done.catch(() => undefined);
    return group;
  }
}
