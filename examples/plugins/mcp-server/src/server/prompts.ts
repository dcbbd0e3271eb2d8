import { acceptedContent, completable, type GetPromptResult, inputRequired, type McpServer, type PromptMessage } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { IMAGE } from './content';

const PLACES = ['paris', 'park', 'party', 'world'];
const contextSchema = z.object({ context: z.string() });

export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'A prompt without arguments.' }, () => prompt(says('This is a simple prompt for testing.')));

  const place = () => completable(z.string(), (begun) => PLACES.filter((name) => name.startsWith(begun)));
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'A prompt with two arguments that complete.', argsSchema: z.object({ arg1: place(), arg2: place() }) },
    ({ arg1, arg2 }) => prompt(says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );

  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A prompt with a resource in it.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => {
      const resource = { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' };
      return prompt({ role: 'user', content: { type: 'resource', resource } }, says('Please process the embedded resource above.'));
    },
  );

  server.registerPrompt('test_prompt_with_image', { description: 'A prompt with an image in it.' }, () =>
    prompt({ role: 'user', content: { type: 'image', data: IMAGE, mimeType: 'image/png' } }, says('Please analyze the image above.')),
  );

  server.registerPrompt('test_input_required_result_prompt', { description: 'A prompt that asks before it is made.' }, (ctx) => {
    const given = acceptedContent(ctx.mcpReq.inputResponses, 'user_context', contextSchema);
    if (given) return prompt(says(`Use this context: ${given.context}`));
    const ask = inputRequired.elicit({ message: 'What context should the prompt use?', requestedSchema: contextSchema });
    return inputRequired({ inputRequests: { user_context: ask } });
  });
}

function prompt(...messages: PromptMessage[]): GetPromptResult {
  return { messages };
}

function says(value: string): PromptMessage {
  return { role: 'user', content: { type: 'text', text: value } };
}
