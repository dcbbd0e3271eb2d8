'use strict';

const ANNOUNCED_FOR_MS = 5_000;

/** `OpenSession` and the broker, as a plugin should do them. A fault replaces a part. */
class Session {
  constructor() {
    this.sessions = new Set();
    this.waiting = new Set();
    this.announced = null;
    this.client = null;
  }

  dialWith(grpc, credentials) {
    this.grpc = grpc;
    this.credentials = credentials;
  }

  /** The broker stream: an announcement serves one dial, and is dropped after 5 s. */
  listen(call) {
    call.on('data', (info) => this.heard(info));
    call.on('error', () => undefined);
  }

  heard({ service_id: id, address }) {
    if (id !== 1) return;
    this.announced = { address, at: Date.now() };
    for (const resume of [...this.waiting]) resume();
  }

  async connect() {
    if (this.client) return;
    const { address } = await this.announcement();
    const client = new this.grpc.Client(`unix:${address}`, this.credentials, { 'grpc.default_authority': 'localhost', 'grpc.ssl_target_name_override': 'localhost' });
    await new Promise((resolve, reject) => client.waitForReady(Date.now() + 5_000, (error) => (error ? reject(error) : resolve())));
    this.client = client;
    client.getChannel().watchConnectivityState(2, Infinity, () => this.lost(client));
  }

  lost(client) {
    client.close();
    this.client = null;
  }

  announcement() {
    const fresh = () => this.announced && Date.now() - this.announced.at < ANNOUNCED_FOR_MS;
    const take = () => {
      const taken = this.announced;
      this.announced = null;
      return taken;
    };
    if (fresh()) return Promise.resolve(take());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(resume);
        reject(new Error('The host did not announce its services.'));
      }, ANNOUNCED_FOR_MS);
      const resume = () => {
        clearTimeout(timer);
        this.waiting.delete(resume);
        resolve(take());
      };
      this.waiting.add(resume);
    });
  }

  open(call, callback) {
    this.connect().then(
      () => this.hold(call, callback),
      (error) => callback(null, { success: false, error_message: error.message }),
    );
  }

  hold(call, callback) {
    const end = (reason) => {
      clearTimeout(timer);
      if (this.sessions.delete(end)) callback(null, { success: true, session_id: 'session', close_reason: reason });
    };
    const timer = setTimeout(end, call.request.timeout_ms, 'TIMEOUT');
    this.sessions.add(end);
    call.on('cancelled', () => end('UNKNOWN'));
  }

  close(reason, callback) {
    for (const end of [...this.sessions]) end(reason === 'unload' || reason === 'shutdown' ? 'EXPLICIT_CLOSE' : 'PLUGIN_ERROR');
    callback(null, { success: true });
  }
}

module.exports = { Session };
