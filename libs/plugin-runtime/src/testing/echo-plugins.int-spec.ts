import { resolve } from 'node:path';
import { describePluginHostSuite } from './plugin-host-suite';

const ROOT = resolve(__dirname, '../../../..');

describePluginHostSuite({ name: 'echo in TypeScript', command: `file://${ROOT}/examples/plugins/echo-endpoint/dist/main.js` });
