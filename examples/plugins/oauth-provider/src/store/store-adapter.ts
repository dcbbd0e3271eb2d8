import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Store } from './store';

/** What oidc-provider keeps: one adapter for each of its models, as `{Model}/{id}`. */
export class StoreAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly store: Store,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    await this.store.set(this.key(id), payload, expiresIn);
    // A session is asked for by its uid, a code or token is revoked with its grant.
    if (payload.uid !== undefined) await this.store.set(uidKey(payload.uid), id, expiresIn);
    if (payload.grantId !== undefined && this.model !== 'Grant') await this.store.addMember(grantKey(payload.grantId), this.key(id), expiresIn);
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.store.get<AdapterPayload>(this.key(id));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = await this.store.get<string>(uidKey(uid));
    return id === undefined ? undefined : this.find(id);
  }

  /** Of the device flow, which is not offered. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    const now = Math.floor(Date.now() / 1000);
    if (payload) await this.store.set(this.key(id), { ...payload, consumed: now }, payload.exp === undefined ? undefined : Math.max(payload.exp - now, 1));
  }

  destroy(id: string): Promise<void> {
    return this.store.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of await this.store.takeMembers(grantKey(grantId))) await this.store.delete(key);
  }

  private key(id: string): string {
    return `${this.model}/${id}`;
  }
}

const uidKey = (uid: string) => `uid/${uid}`;
const grantKey = (grantId: string) => `grant/${grantId}`;
