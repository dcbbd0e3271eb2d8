import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The top of the checkout; the tests run what was built there. */
export const repository = join(__dirname, '../../../..');

export const echoCommand = pathToFileURL(join(repository, 'examples/plugins/echo-endpoint/dist/main.js')).href;
