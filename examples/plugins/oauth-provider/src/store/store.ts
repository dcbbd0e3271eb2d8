/** Values with an end, and sets of names; for one gateway, or for all of them. */
export interface Store {
  get<T>(key: string): Promise<T | undefined>;
  /** @param ttlSeconds undefined: it stays. */
  set(key: string, value: unknown, ttlSeconds: number | undefined): Promise<void>;
  delete(key: string): Promise<void>;
  addMember(set: string, member: string, ttlSeconds: number | undefined): Promise<void>;
  /** Empties the set. */
  takeMembers(set: string): Promise<string[]>;
  /** What is there, or else what is made; the same for everybody who asks. */
  once(key: string, make: () => string): Promise<string>;
  close(): Promise<void>;
}
