/** What the launcher says to the studio: the same API that an operator uses. */
export class StudioClient {
  #cookie = '';

  constructor(url) {
    this.url = url;
  }

  async login(email, password) {
    const response = await this.#send('POST', '/api/v1/auth/login', { email, password });
    this.#cookie = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
  }

  async request(method, path, body, headers = {}) {
    const response = await this.#send(method, path, body, headers);
    return response.status === 204 ? undefined : (await response.json()).data;
  }

  /** Whether the studio knows this API key. */
  async accepts(apiKey) {
    const response = await fetch(`${this.url}/api/v1/apps?limit=1`, { headers: { authorization: `Bearer ${apiKey}` } });
    await response.body?.cancel();
    return response.status !== 401;
  }

  async #send(method, path, body, headers = {}) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#cookie ? { cookie: this.#cookie, 'x-sluice-csrf': '1' } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
