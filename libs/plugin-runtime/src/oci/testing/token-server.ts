import { type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServerOptions {
  issuer: string;
  service: string;
  username: string;
  password: string;
  privateKey: KeyObject;
  /** DER of the certificate that the registry trusts. */
  certificate: Buffer;
}

/** A token server as the distribution specification describes it, for one user. */
export class TokenServer {
  readonly requests: URLSearchParams[] = [];
  private readonly server: Server;

  constructor(private readonly options: TokenServerOptions) {
    this.server = createServer((request, response) => {
      const { searchParams } = new URL(request.url!, 'http://x');
      this.requests.push(searchParams);
      const login = Buffer.from(`${options.username}:${options.password}`).toString('base64');
      if (request.headers.authorization !== `Basic ${login}`) response.writeHead(401).end();
      else response.end(JSON.stringify({ token: this.token(searchParams.get('scope') ?? ''), expires_in: 60 }));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  /** A token for a scope like `repository:plugins/echo:pull,push`. */
  token(scope: string): string {
    const { issuer, service, username, certificate, privateKey } = this.options;
    const [type, name, actions = ''] = scope.split(':');
    const now = Math.floor(Date.now() / 1_000);
    const access = scope === '' ? [] : [{ type, name, actions: actions.split(',') }];
    const claims = { iss: issuer, aud: service, sub: username, nbf: now - 10, iat: now - 10, exp: now + 60, jti: randomUUID(), access };
    const parts = [{ typ: 'JWT', alg: 'ES256', x5c: [certificate.toString('base64')] }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signature = sign('sha256', Buffer.from(parts.join('.')), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return [...parts, signature.toString('base64url')].join('.');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
