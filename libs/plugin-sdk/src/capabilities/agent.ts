import {
  AgentMessageChunk,
  AgentMessageChunk_ChunkType as Type,
  type AgentDatasourceInfo,
  type AgentLLMInfo,
  type AgentMessageRequest,
  type AgentToolInfo,
} from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { stream } from './binding';
import { fromUnixSeconds } from './unix-time';

export type AgentTool = AgentToolInfo;
export type AgentDatasource = AgentDatasourceInfo;
export type AgentLlm = AgentLLMInfo;

export interface AgentTurn {
  role: string;
  content: string;
  timestamp: Date;
  metadata: unknown;
}

/** One message of a user, and what the agent may use to answer it. */
export interface AgentMessage {
  sessionId: string;
  text: string;
  tools: AgentTool[];
  datasources: AgentDatasource[];
  llms: AgentLlm[];
  /** The agent's configuration for this chat, as JSON has it. */
  config: unknown;
  history: AgentTurn[];
}

/** Text alone is content. The end of the iteration ends the answer. */
export type AgentChunk =
  | string
  | { type: 'content' | 'tool_call' | 'tool_result' | 'thinking' | 'error'; content: string; metadata?: unknown };

/** Hook `agent`: answers in the chat of the studio. */
export interface AgentHandler {
  handleAgentMessage(ctx: Context, message: AgentMessage): AsyncIterable<AgentChunk>;
}

const TYPES = {
  content: Type.CONTENT,
  tool_call: Type.TOOL_CALL,
  tool_result: Type.TOOL_RESULT,
  thinking: Type.THINKING,
  error: Type.ERROR,
} as const;

export const agent = [
  stream<'handleAgentMessage', AgentHandler>('handleAgentMessage', {
    method: 'handleAgentMessage',
    answer: async function* (plugin, ctx, request) {
      for await (const chunk of plugin.handleAgentMessage(ctx, messageFromWire(request))) yield chunkToWire(chunk);
      yield AgentMessageChunk.create({ type: Type.DONE, isFinal: true });
    },
    otherwise: 'This plugin is not an agent.',
    failed: (message) => AgentMessageChunk.create({ type: Type.ERROR, content: message, isFinal: true }),
  }),
];

function messageFromWire(request: AgentMessageRequest): AgentMessage {
  return {
    sessionId: request.sessionId,
    text: request.userMessage,
    tools: request.availableTools,
    datasources: request.availableDatasources,
    llms: request.availableLlms,
    config: parse(request.configJson),
    history: request.history.map(({ role, content, timestamp, metadataJson }) => ({
      role,
      content,
      timestamp: fromUnixSeconds(timestamp),
      metadata: parse(metadataJson),
    })),
  };
}

function chunkToWire(chunk: AgentChunk): AgentMessageChunk {
  if (typeof chunk === 'string') return AgentMessageChunk.create({ type: Type.CONTENT, content: chunk });
  const metadataJson = chunk.metadata === undefined ? '' : JSON.stringify(chunk.metadata);
  return AgentMessageChunk.create({ type: TYPES[chunk.type], content: chunk.content, metadataJson });
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}
