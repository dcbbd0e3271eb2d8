/** The studio's API as an operator's script uses it. */
export class StudioApi {
  private cookie = '';

  constructor(readonly url: string) {}

  async login(email: string, password: string): Promise<void> {
    const response = await this.send('POST', '/api/v1/auth/login', { email, password });
    if (!response.ok) throw new Error(`login answered ${response.status}: ${await response.text()}`);
    this.cookie = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
  }

  /** The `data` of an answer. Rejects with the answer's text when the status is not 2xx. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? (undefined as T) : ((await response.json()) as { data: T }).data;
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(this.cookie ? { cookie: this.cookie, 'x-sluice-csrf': '1' } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  createEcho(slug: string, config: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<{ id: number }> {
    return this.call('POST', '/api/v1/plugins', { name: slug, config: { slug, content: 'Hello', ...config }, ...more });
  }

  approve(pluginId: number, scopes = ['kv.readwrite', 'plugins.config', 'apps.read']): Promise<unknown> {
    return this.call('POST', `/api/v1/plugins/${pluginId}/approve-scopes`, { scopes });
  }
}
