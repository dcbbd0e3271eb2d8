import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { nothing, type ContentBase, type PreparedContent, type SnapshotContent } from './content/snapshot-content';
import type { CurrentState } from './current-state';
import { GatewayState, type SnapshotSource } from './gateway-state';
import type { GatewayKeyring, HeldKeys } from './gateway-keyring';
import { openPlugins, type OpenedPlugins } from './open-plugins';
import type { PluginFleet } from './plugin-fleet';
import type { RevokedTokens } from './revoked-tokens';

/** Puts proved content into force: one pointer, and the processes of plugins after it. */
export class Enforcement {
  private inForce: SnapshotContent | undefined;

  constructor(
    private readonly keyring: GatewayKeyring,
    private readonly current: CurrentState,
    private readonly fleet: Pick<PluginFleet, 'apply'>,
    private readonly revoked: RevokedTokens,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get content(): SnapshotContent | undefined {
    return this.inForce;
  }

  /** What the next revision is made from. */
  get base(): ContentBase {
    return this.inForce ?? nothing();
  }

  /** @throws snapshotErrors.badSeal, and then nothing has changed. */
  enforce({ content, giveUp }: PreparedContent, source: SnapshotSource): GatewayState {
    const { keys, plugins } = this.opened(content, giveUp);
    const { header, tables } = content;
    this.revoked.reached(header);
    this.inForce = content;
    this.keyring.hold(keys);
    const state = new GatewayState(header, tables, source, this.clock.now(), this.revoked.current);
    // Requests see the new revision from here on.
    this.current.swap(state);
    if (plugins) this.fleet.apply(plugins.open, plugins.waiting);
    const { epoch, revision, root } = header;
    this.logger.info({ epoch, revision, root, source, plugins: tables.plugins.length, apps: tables.apps.size, tokens: tables.tokens.size }, 'snapshot applied');
    return state;
  }

  /** Has the tokens refused that were taken back since. */
  revoke(): void {
    const state = this.current.get();
    if (state) this.current.swap(state.without(this.revoked.current));
  }

  /** `plugins` is undefined when they are those that run. */
  private opened({ tables }: SnapshotContent, giveUp: () => void): { keys: HeldKeys | undefined; plugins?: OpenedPlugins } {
    try {
      const keys = this.keyring.under(tables.gatewayKeys);
      const same = this.inForce && tables.plugins === this.inForce.tables.plugins && keys?.version === this.keyring.held?.version;
      return same ? { keys } : { keys, plugins: openPlugins(tables.plugins, this.keyring.opening(keys)) };
    } catch (error) {
      giveUp();
      throw error;
    }
  }
}
