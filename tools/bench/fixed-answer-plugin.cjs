/** A plugin that gives the same two bytes with and without authentication, so that nothing but the check of the token differs. */
const { BasePlugin, serve } = require('@sluice/plugin-sdk');

class FixedAnswerPlugin extends BasePlugin {
  constructor() {
    super({ id: 'com.example.fixed-answer', name: 'Fixed answer', version: '1.0.0' });
  }

  endpoints() {
    return [
      { path: '/open', methods: ['GET'], description: 'Answers OK' },
      { path: '/private', methods: ['GET'], description: 'Answers OK to an app', requireAuth: true },
    ];
  }

  handleEndpoint() {
    return { headers: { 'Content-Type': 'text/plain' }, body: 'OK' };
  }
}

serve(new FixedAnswerPlugin());
