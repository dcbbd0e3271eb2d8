import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { AUDIO, IMAGE, text } from './content';

/** Tools that answer at once, one for each kind of content. The names are those that the conformance runner calls. */
export function registerContentTools(server: McpServer): void {
  const answer = (name: string, description: string, result: CallToolResult) => server.registerTool(name, { description }, () => result);
  answer('test_simple_text', 'Answers a text.', text('This is a simple text response for testing.'));
  answer('test_image_content', 'Answers an image.', { content: [{ type: 'image', data: IMAGE, mimeType: 'image/png' }] });
  answer('test_audio_content', 'Answers a sound.', { content: [{ type: 'audio', data: AUDIO, mimeType: 'audio/wav' }] });
  answer('test_embedded_resource', 'Answers a resource.', {
    content: [{ type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } }],
  });
  answer('test_multiple_content_types', 'Answers a text, an image and a resource.', {
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: IMAGE, mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: JSON.stringify({ test: 'data', value: 123 }) } },
    ],
  });
  server.registerTool('test_error_handling', { description: 'Fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool('whoami', { description: 'Says which app calls.' }, (ctx) => text(String(ctx.http?.authInfo?.extra?.['name'] ?? 'nobody')));
}
