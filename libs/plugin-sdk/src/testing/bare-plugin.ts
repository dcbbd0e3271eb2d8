import { BasePlugin, serve } from '../index';

/** A plugin that implements nothing. */
class BarePlugin extends BasePlugin {
  constructor() {
    super({ id: 'com.example.bare', version: '1.0.0' });
  }
}

serve(new BarePlugin());
