import { OpenSessionResponse_CloseReason as CloseReason } from '@sluice/contracts/plugin';
import { Session } from './session';

const caller = { on: () => undefined };

function session(connect: () => Promise<unknown> = async () => undefined) {
  const told: string[] = [];
  const hooks = {
    connect,
    ready: async () => void told.push('ready'),
    closing: async (reason: string) => void told.push(`closing ${reason}`),
  };
  return { told, session: new Session(hooks) };
}

describe('Session', () => {
  it('readies the plugin with the first session only', async () => {
    const { told, session: sessions } = session();
    for (let turn = 0; turn < 3; turn++) expect(await sessions.open(1, caller)).toMatchObject({ closeReason: CloseReason.TIMEOUT });
    expect(told).toEqual(['ready']);
  });

  it('ends every open session when it is closed, after the plugin was told', async () => {
    const { told, session: sessions } = session();
    const open = [sessions.open(60_000, caller), sessions.open(60_000, caller)];
    await new Promise(setImmediate);
    await sessions.close('unload');
    expect((await Promise.all(open)).map(({ closeReason }) => closeReason)).toEqual([CloseReason.EXPLICIT_CLOSE, CloseReason.EXPLICIT_CLOSE]);
    expect(told).toEqual(['ready', 'closing unload']);
  });

  it('does not ready a plugin that cannot reach its host', async () => {
    const { told, session: sessions } = session(() => Promise.reject(new Error('No way through.')));
    expect(await sessions.open(60_000, caller)).toEqual({ success: false, errorMessage: 'No way through.', closeReason: CloseReason.UNKNOWN });
    expect(told).toEqual([]);
  });

  it('ends with its caller', async () => {
    const { session: sessions } = session();
    let leave: () => void = () => undefined;
    const open = sessions.open(60_000, { on: (_event, listener) => (leave = listener) });
    leave();
    expect(await open).toMatchObject({ closeReason: CloseReason.UNKNOWN });
  });
});
