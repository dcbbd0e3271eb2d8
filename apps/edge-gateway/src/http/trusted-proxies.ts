import { BlockList, isIP } from 'node:net';

const PREFIX_LENGTH = /^\d{1,3}$/;

/** The addresses whose word on where a request came from is taken. */
export class TrustedProxies {
  private readonly blocks = new BlockList();

  private constructor(private readonly none: boolean) {}

  /**
   * Reads addresses and networks in CIDR notation, with commas between them: `10.0.0.0/8, ::1`. Empty text trusts nobody.
   * @throws Error naming the entry that is neither.
   */
  static parse(text: string): TrustedProxies {
    const entries = text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '');
    const proxies = new TrustedProxies(entries.length === 0);
    for (const entry of entries) proxies.add(entry);
    return proxies;
  }

  includes(address: string): boolean {
    if (this.none) return false;
    const version = isIP(address);
    return version !== 0 && this.blocks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }

  private add(entry: string): void {
    const [address = '', length, ...more] = entry.split('/');
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    if (version === 0 || more.length > 0 || (length !== undefined && (!PREFIX_LENGTH.test(length) || Number(length) > bits))) {
      throw new Error(`${JSON.stringify(entry)} is neither an address nor a network such as 10.0.0.0/8.`);
    }
    this.blocks.addSubnet(address, length === undefined ? bits : Number(length), version === 4 ? 'ipv4' : 'ipv6');
  }
}
