import {
  type CallToolResult,
  type ElicitRequestFormParams,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from './content';

/**
 * Tools that ask the client once. They are written for 2026-07-28, where a tool answers with what it wants to know and is called again; with older
 * clients the SDK turns the same answer into a request to the client.
 */
export function registerAskingTools(server: McpServer): void {
  server.registerTool('test_sampling', { description: "Asks the client's model.", inputSchema: z.object({ prompt: z.string() }) }, ({ prompt }, ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'answer');
    if (answer.kind === 'sampling') return text(`LLM response: ${sampledText(answer.result.content)}`);
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
    return inputRequired({ inputRequests: { answer: inputRequired.createMessage({ messages, maxTokens: 100 }) } });
  });

  server.registerTool('test_elicitation', { description: 'Asks the user.', inputSchema: z.object({ message: z.string() }) }, ({ message }, ctx) =>
    elicit(ctx, 'User response', { message, requestedSchema: { type: 'object', properties: USER, required: ['username', 'email'] } }),
  );
  server.registerTool('test_elicitation_sep1034_defaults', { description: 'Asks with a default for each kind of field.' }, (ctx) =>
    elicit(ctx, 'Elicitation completed', { message: 'Please review these values.', requestedSchema: { type: 'object', properties: DEFAULTS } }),
  );
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Asks with each kind of choice.' }, (ctx) =>
    elicit(ctx, 'Elicitation completed', { message: 'Please choose.', requestedSchema: { type: 'object', properties: CHOICES } }),
  );
  server.registerTool('test_streaming_elicitation', { description: 'Reports progress, and asks the user.' }, (ctx) =>
    elicit(ctx, 'User response', { message: 'Please confirm.', requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } } } }),
  );
}

type Properties = ElicitRequestFormParams['requestedSchema']['properties'];

const USER: Properties = {
  username: { type: 'string', description: "User's response" },
  email: { type: 'string', description: "User's email address" },
};

const DEFAULTS: Properties = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const titled = (noun: string) => ['First', 'Second', 'Third'].map((rank, index) => ({ const: `value${index + 1}`, title: `${rank} ${noun}` }));

const CHOICES: Properties = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled('Option') },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
};

function elicit(ctx: ServerContext, said: string, params: ElicitRequestFormParams): CallToolResult | InputRequiredResult {
  const answer = inputResponse(ctx.mcpReq.inputResponses, 'form');
  if (answer.kind === 'elicit') return text(`${said}: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
  return inputRequired({ inputRequests: { form: inputRequired.elicit(params) } });
}

/** A model's answer is one block or several. */
export function sampledText(content: unknown): string {
  const blocks = (Array.isArray(content) ? content : [content]) as { type?: unknown; text?: unknown }[];
  return blocks.map((block) => (block?.type === 'text' ? String(block.text) : '')).join('');
}
