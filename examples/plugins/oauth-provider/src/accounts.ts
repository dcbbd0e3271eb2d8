import type { App } from '@sluice/plugin-sdk';
import type { Account } from 'oidc-provider';
import type { Store } from './store/store';

interface KnownApp {
  name: string;
  email: string;
}

const accountKey = (accountId: string) => `account/${accountId}`;

/** Who signs in is an app of the gateway, as whom its token showed it. */
export class Accounts {
  constructor(private readonly store: Store) {}

  /** Remembers what the gateway says about the app now. Gives the subject of its tokens. */
  async remember({ id, name, ownerEmail }: App): Promise<string> {
    const accountId = `app-${id}`;
    await this.store.set(accountKey(accountId), { name, email: ownerEmail } satisfies KnownApp, undefined);
    return accountId;
  }

  readonly find = async (_ctx: unknown, accountId: string): Promise<Account | undefined> => {
    const app = await this.store.get<KnownApp>(accountKey(accountId));
    return app && { accountId, claims: () => ({ sub: accountId, ...app }) };
  };
}
