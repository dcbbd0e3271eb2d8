import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { IMAGE } from './content';

export const WATCHED_RESOURCE = 'test://watched-resource';

export function registerResources(server: McpServer): void {
  const plainText = { mimeType: 'text/plain' };
  server.registerResource('static-text', 'test://static-text', { ...plainText, description: 'A text.' }, (uri) => ({
    contents: [{ uri: uri.href, ...plainText, text: 'This is the content of the static text resource.' }],
  }));
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png', description: 'An image.' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: IMAGE }],
  }));
  server.registerResource('watched-resource', WATCHED_RESOURCE, { ...plainText, description: 'A text to subscribe to.' }, (uri) => ({
    contents: [{ uri: uri.href, ...plainText, text: 'Watched resource content' }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { mimeType: 'application/json', description: 'A document for each id.' }, (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) }],
  }));
}
