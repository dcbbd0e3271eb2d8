import { goHeaderName } from './go-header-name';

describe('goHeaderName', () => {
  it.each([
    ['content-type', 'Content-Type'],
    ['X-WEBHOOK-SIGNATURE', 'X-Webhook-Signature'],
    ['mcp-session-id', 'Mcp-Session-Id'],
    ['MCP-Session-ID', 'Mcp-Session-Id'],
    ['etag', 'Etag'],
    ['x--y', 'X--Y'],
    ['x_y-z', 'X_y-Z'],
    ['9lives-a1b', '9lives-A1b'],
    ['not a token', 'not a token'],
  ])('writes %s as %s', (name, canonical) => {
    expect(goHeaderName(name)).toBe(canonical);
    expect(goHeaderName(name)).toBe(canonical);
  });
});
