import { waitFor } from './wait-for';

describe('waitFor', () => {
  it('returns the first truthy answer', async () => {
    let asked = 0;
    await expect(waitFor(() => (++asked === 3 ? 'ready' : null), { intervalMs: 1 })).resolves.toBe('ready');
    expect(asked).toBe(3);
  });

  it('says what did not happen, and why the last attempt failed', async () => {
    const refused = new Error('connection refused');
    const waiting = waitFor(() => Promise.reject(refused), { timeoutMs: 5, intervalMs: 1, message: () => 'the gateway answers' });
    await expect(waiting).rejects.toMatchObject({ message: 'the gateway answers: not within 5 ms', cause: refused });
  });
});
