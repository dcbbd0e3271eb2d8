import { snapshotErrors, type TokenData } from '@sluice/config-snapshot';
import { LEAD_CHARACTERS } from './pack-lines';
import { packToken, unpackToken } from './pack-records';
import { PackedTable } from './packed-table';
import type { TableWriter } from './table-writer';
import { writeTable } from './write-table';
import { ShardCache } from './shard-cache';

const cache = new ShardCache<string, TokenData>();

/** Tokens by their hashes, and by their ids. */
export class TokenTable {
  static readonly empty = new TokenTable(PackedTable.empty, PackedTable.empty);

  constructor(
    readonly byHash: PackedTable,
    /** From an id to the beginning of the hash. */
    readonly leads: PackedTable,
  ) {}

  get size(): number {
    return this.byHash.size;
  }

  get(hash: string): TokenData | undefined {
    const shard = this.byHash.shard(hash);
    const known = cache.get(shard, hash);
    if (known) return known;
    const value = this.byHash.get(hash);
    return value === undefined ? undefined : cache.set(shard, hash, unpackToken(hash, value));
  }

  byId(id: number): TokenData | undefined {
    return tokenOf(id, this.leads, this.byHash);
  }

  ids(): Generator<string> {
    return this.leads.keys();
  }
}

export class TokenTableDraft {
  private readonly byHash: TableWriter;
  private readonly leads: TableWriter;

  constructor(private readonly base: TokenTable) {
    this.byHash = writeTable(base.byHash);
    this.leads = writeTable(base.leads);
  }

  byId(id: number): TokenData | undefined {
    return tokenOf(id, this.leads, this.byHash);
  }

  /** True when the base has tokens, any of which may be in the way of a new one. */
  get mayHave(): boolean {
    return this.base.size > 0;
  }

  /** @throws snapshotErrors.duplicateRecord for a hash that another token has. */
  set(token: TokenData): void {
    if (this.mayHave && this.byHash.has(token.hash)) throw new snapshotErrors.duplicateRecord({ path: `/records/token/${token.id}/data/hash` });
    this.byHash.set(token.hash, packToken(token));
    this.leads.set(String(token.id), leadOf(token));
  }

  delete(token: TokenData): void {
    this.byHash.delete(token.hash);
    this.leads.delete(String(token.id));
  }

  *close(): Generator<void> {
    yield* this.byHash.close();
    yield* this.leads.close();
  }

  finish(): TokenTable {
    return new TokenTable(this.byHash.finish(), this.leads.finish());
  }
}

/** What leads from a token's id to its line. */
export function leadOf(token: TokenData): string {
  return token.hash.slice(0, LEAD_CHARACTERS);
}

type Lines = Pick<PackedTable, 'get' | 'line'>;

function tokenOf(id: number, leads: Lines, byHash: Lines): TokenData | undefined {
  const lead = leads.get(String(id));
  const line = lead === undefined ? undefined : byHash.line(lead, ({ key, value }) => unpackToken(key, value).id === id);
  return line && unpackToken(line.key, line.value);
}
