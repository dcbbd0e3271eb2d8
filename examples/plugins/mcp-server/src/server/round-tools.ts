import {
  acceptedContent,
  inputRequired,
  type InputRequests,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { sampledText } from './asking-tools';
import { text } from './content';
import type { Progress, RequestState } from './request-state';

const nameSchema = z.object({ name: z.string() });
const colorSchema = z.object({ color: z.string() });
const okSchema = z.object({ ok: z.boolean() });

const askName = (message = 'What is your name?') => inputRequired.elicit({ message, requestedSchema: nameSchema });
const askModel = (question: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens });

/** Tools whose calls take several rounds: each answers what it still wants to know until it knows it. */
export function registerRoundTools(server: McpServer, state: RequestState): void {
  registerSingleQuestions(server);
  registerSealedRounds(server, state);

  server.registerTool('test_input_required_result_capabilities', { description: 'Asks only what the client can answer.' }, (ctx) => {
    const able = server.server.getClientCapabilities() ?? {};
    const inputRequests: InputRequests = {
      ...(able.elicitation && { user_name: askName() }),
      ...(able.sampling && { greeting: askModel('Generate a greeting', 50) }),
      ...(able.roots && { client_roots: inputRequired.listRoots() }),
    };
    if (ctx.mcpReq.inputResponses || Object.keys(inputRequests).length === 0) return text('Nothing more to ask.');
    return inputRequired({ inputRequests });
  });

  // What a client has not declared is not asked of it: the SDK refuses the call then.
  server.registerTool('test_missing_capability', { description: "Needs the client's model." }, ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, 'answer');
    return given.kind === 'sampling' ? text(sampledText(given.result.content)) : inputRequired({ inputRequests: { answer: askModel('Are you there?', 10) } });
  });
}

function registerSingleQuestions(server: McpServer): void {
  server.registerTool('test_input_required_result_elicitation', { description: 'Asks for a name, and greets.' }, ({ mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, 'user_name', nameSchema);
    return given ? text(`Hello, ${given.name}!`) : inputRequired({ inputRequests: { user_name: askName() } });
  });
  server.registerTool('test_input_required_result_sampling', { description: "Asks the client's model for a capital." }, ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, 'capital_question');
    if (given.kind === 'sampling') return text(sampledText(given.result.content));
    return inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?', 100) } });
  });
  server.registerTool('test_input_required_result_list_roots', { description: "Asks for the client's roots." }, ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, 'client_roots');
    if (given.kind === 'roots') return text(`Roots: ${given.roots.map(({ uri }) => uri).join(', ')}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
}

function registerSealedRounds(server: McpServer, state: RequestState): void {
  const again = async (ctx: ServerContext, inputRequests: InputRequests, progress: Progress) =>
    inputRequired({ inputRequests, requestState: await state.mint(progress, ctx) });
  const begun = (ctx: ServerContext) => ctx.mcpReq.requestState<Progress>();

  for (const name of ['test_input_required_result_request_state', 'test_input_required_result_tampered_state']) {
    server.registerTool(name, { description: 'Asks for a confirmation, and for its own state back.' }, async (ctx) => {
      const confirmed = acceptedContent(ctx.mcpReq.inputResponses, 'confirm', okSchema);
      if (confirmed && begun(ctx)?.round === 1) return text(`state-ok: ${confirmed.ok ? 'confirmed' : 'declined'}`);
      return again(ctx, { confirm: inputRequired.elicit({ message: 'Please confirm', requestedSchema: okSchema }) }, { round: 1 });
    });
  }

  server.registerTool('test_input_required_result_multiple_inputs', { description: 'Asks three things at once.' }, async (ctx) => {
    const { inputResponses } = ctx.mcpReq;
    const name = acceptedContent(inputResponses, 'user_name', nameSchema);
    const greeting = inputResponse(inputResponses, 'greeting');
    const roots = inputResponse(inputResponses, 'client_roots');
    if (begun(ctx) && name && greeting.kind === 'sampling' && roots.kind === 'roots') {
      return text(`${sampledText(greeting.result.content)} ${name.name}, with ${roots.roots.length} roots`);
    }
    return again(ctx, { user_name: askName(), greeting: askModel('Generate a greeting', 50), client_roots: inputRequired.listRoots() }, { round: 1 });
  });

  server.registerTool('test_input_required_result_multi_round', { description: 'Asks one thing after the other.' }, async (ctx) => {
    const { inputResponses } = ctx.mcpReq;
    const progress = begun(ctx);
    const color = acceptedContent(inputResponses, 'step2', colorSchema);
    if (progress?.round === 2 && color) return text(`${progress.answers?.['name']} likes ${color.color}.`);
    const name = acceptedContent(inputResponses, 'step1', nameSchema)?.name ?? progress?.answers?.['name'];
    if (!progress || name === undefined) return again(ctx, { step1: askName('Step 1: What is your name?') }, { round: 1 });
    const step2 = inputRequired.elicit({ message: 'Step 2: What is your favorite color?', requestedSchema: colorSchema });
    return again(ctx, { step2 }, { round: 2, answers: { name } });
  });
}
