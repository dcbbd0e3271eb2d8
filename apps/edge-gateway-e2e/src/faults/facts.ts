import type { StudioApi } from '../stack/studio-api';

/** An app of the test, and the token that its requests carry. */
export interface FactApp {
  id: number;
  token: string;
}

/** A token that is to be revoked. */
export interface DoomedToken {
  appId: number;
  tokenId: number;
  token: string;
}

const APPS = 4;
const PASSWORD = 'correct horse battery';
export const SLUG = 'facts';

/**
 * What the test changes. All apps belong to one user, whose address is the fact: the studio writes it into the record of every app in one
 * transaction, so that answers of one revision which do not agree about it are answers from a half of that revision.
 */
export class Facts {
  readonly apps: FactApp[] = [];
  /** The last that the studio has taken. */
  newest = 0;
  private attempts = 0;
  private owner = 0;

  async prepare(api: StudioApi, pluginCommand: string): Promise<void> {
    this.owner = (await api.call<{ id: number }>('POST', '/api/v1/users', { email: factOf(0), password: PASSWORD })).id;
    for (let index = 0; index < APPS; index++) {
      const { id } = await api.call<{ id: number }>('POST', '/api/v1/apps', { name: `fact ${index}`, owner_id: this.owner });
      const { token } = await api.call<{ token: string }>('POST', `/api/v1/apps/${id}/tokens`, { name: 'kept', scopes: [] });
      this.apps.push({ id, token });
    }
    const { id } = await api.createEcho(SLUG, {}, { command: pluginCommand });
    await api.approve(id);
  }

  /** One revision in which every app gets another fact. Rejects when the studio does not take it; it may have been committed all the same. */
  async change(api: StudioApi): Promise<number> {
    const fact = ++this.attempts;
    await api.call('PATCH', `/api/v1/users/${this.owner}`, { email: factOf(fact) });
    this.newest = Math.max(this.newest, fact);
    return fact;
  }

  async newToken(api: StudioApi): Promise<DoomedToken> {
    const appId = this.apps[0]!.id;
    const { id, token } = await api.call<{ id: number; token: string }>('POST', `/api/v1/apps/${appId}/tokens`, { name: 'doomed', scopes: [] });
    return { appId, tokenId: id, token };
  }

  async revoke(api: StudioApi, { appId, tokenId }: DoomedToken): Promise<void> {
    await api.call('DELETE', `/api/v1/apps/${appId}/tokens/${tokenId}`);
  }
}

function factOf(number: number): string {
  return `fact-${number}@example.com`;
}

/** The fact in an answer of the echo plugin. */
export function factIn(answer: { app: { owner_email: string } | null }): number {
  const match = /^fact-(\d+)@/.exec(answer.app?.owner_email ?? '');
  if (!match) throw new Error(`An answer has no fact: ${JSON.stringify(answer).slice(0, 300)}`);
  return Number(match[1]);
}
