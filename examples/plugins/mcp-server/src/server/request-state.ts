import { createRequestStateCodec, type RequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';

/** What a tool was asked for before: comes back from the client, and has to be what was given to it. */
export interface Progress {
  round: number;
  /** What the client answered so far. */
  answers?: Record<string, string>;
}

/** Seals the state of calls that take several rounds, for one method and one app, for ten minutes. */
export class RequestState {
  private codec: Promise<RequestStateCodec<Progress>> | undefined;

  constructor(private readonly secret: () => Promise<Uint8Array>) {}

  readonly mint = async (progress: Progress, ctx: ServerContext): Promise<string> => (await this.sealed()).mint(progress, ctx);
  readonly verify = async (state: string, ctx: ServerContext): Promise<Progress> => (await this.sealed()).verify(state, ctx);

  private sealed(): Promise<RequestStateCodec<Progress>> {
    this.codec ??= this.secret().then((key) => createRequestStateCodec({ key, bind: (ctx) => `${ctx.mcpReq.method}\0${ctx.http?.authInfo?.clientId ?? ''}` }));
    // A host that was not there the first time is asked again.
    this.codec.catch(() => (this.codec = undefined));
    return this.codec;
  }
}
