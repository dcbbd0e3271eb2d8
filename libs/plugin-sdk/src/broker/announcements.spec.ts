import type { ConnInfo } from '@sluice/contracts/go-plugin';
import { Announcements } from './announcements';

const at = (serviceId: number, address: string): ConnInfo => ({ serviceId, network: 'unix', address, knock: undefined });

describe('Announcements', () => {
  it('gives the latest word on an id, once', async () => {
    const announcements = new Announcements();
    announcements.announce(at(1, '/old'));
    announcements.announce(at(2, '/other'));
    announcements.announce(at(1, '/new'));
    expect(await announcements.take(1, 10)).toMatchObject({ address: '/new' });
    expect(await announcements.take(1, 10)).toBeUndefined();
    expect(await announcements.take(2, 10)).toMatchObject({ address: '/other' });
  });

  it('wakes those who wait', async () => {
    const announcements = new Announcements();
    const waiting = [announcements.take(1, 5_000), announcements.take(1, 5_000)];
    announcements.announce(at(1, '/late'));
    expect(await Promise.all(waiting)).toMatchObject([{ address: '/late' }, { address: '/late' }]);
  });
});
