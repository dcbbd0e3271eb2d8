import { type AgentMessageChunk, AgentMessageChunk_ChunkType as ChunkType, AgentMessageRequest, EdgePayloadRequest, ExecuteScheduledTaskRequest, ObjectHookRequest } from '@sluice/contracts/plugin';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { PLUGIN_ID } from '../subject/subject';
import { context, declares, isJson, now, type RequestSource, streamRow, unaryRow } from './rpc-row';

const QUESTION_MS = 5_000;
const HOOK_TYPE = /^(before|after)_(create|update|delete)$/;

/** Capabilities `object_hooks` and `agent`, scheduled tasks, and what a gateway sends up. */
export const studioHooks = [
  unaryRow({
    rpc: 'getObjectHookRegistrations',
    declared: declares('object_hooks'),
    deadlineMs: QUESTION_MS,
    requests: () => [{}],
    judge: ({ registrations }) => {
      if (registrations.length === 0) return 'It registers no object hook: answer at least one, or take object_hooks out of the hooks of the manifest.';
      if (registrations.some(({ objectType }) => objectType === '')) return 'It registers a hook without an object_type: name one, like llm.';
      const odd = registrations.flatMap(({ hookTypes }) => hookTypes).find((type) => !HOOK_TYPE.test(type));
      return odd === undefined ? undefined : `It registers the hook type ${JSON.stringify(odd)}: use before_ or after_ and create, update or delete.`;
    },
    absent: { text: 'no registrations', is: ({ registrations }) => registrations.length === 0 },
  }),
  unaryRow({
    rpc: 'handleObjectHook',
    declared: declares('object_hooks'),
    deadlineMs: QUESTION_MS,
    requests: objectHookRequests,
    judge: ({ allowOperation, rejectionReason, modified, modifiedObjectJson }) => {
      if (!allowOperation && rejectionReason === '') return 'It rejects a write without a reason: set rejection_reason, people see it.';
      if (modified && !isJson(modifiedObjectJson)) return 'It says modified=true and its modified_object_json is no JSON: send the whole object.';
      return undefined;
    },
    absent: { text: 'allow_operation=true', is: ({ allowOperation, modified }) => allowOperation && !modified },
  }),
  streamRow({
    rpc: 'handleAgentMessage',
    declared: declares('agent'),
    deadlineMs: 60_000,
    requests: () => [AgentMessageRequest.fromPartial({ sessionId: 'conformance', userMessage: 'Hello', configJson: '{}', history: [], context: context(), serviceBrokerId: SERVICE_BROKER_ID })],
    judge: judgeAgent,
    absent: 'error',
  }),
  unaryRow({
    rpc: 'executeScheduledTask',
    declared: ({ schedules }) => schedules.length > 0,
    deadlineMs: 60_000,
    requests: ({ manifest }) =>
      manifest.schedules.map(({ id, name, cron, timezone, enabled, timeout_seconds: timeoutSeconds, config }) =>
        ExecuteScheduledTaskRequest.fromPartial({ context: context(), schedule: { id, name, cron, timezone, enabled, timeoutSeconds, configJson: JSON.stringify(config) }, serviceBrokerId: SERVICE_BROKER_ID }),
      ),
    judge: ({ success, errorMessage }) => (!success && errorMessage === '' ? 'It says success=false without a reason: set error_message.' : undefined),
    absent: 'error',
  }),
  unaryRow({
    rpc: 'acceptEdgePayload',
    // No hook of the manifest says whether a plugin takes payloads of its gateway side.
    declared: () => true,
    deadlineMs: 30_000,
    requests: () => [
      EdgePayloadRequest.fromPartial({ payload: Buffer.from('{}'), edgeId: 'conformance', correlationId: 'conformance-1', edgeTimestamp: now(), receivedTimestamp: now(), context: context(), serviceBrokerId: SERVICE_BROKER_ID }),
    ],
    judge: ({ success, handled }) => (handled && !success ? 'It says handled=true and success=false: a payload that failed is sent again, so answer handled=false.' : undefined),
    absent: 'anything',
  }),
];

async function objectHookRequests({ plugin, deadlineMs }: RequestSource) {
  const answered = await plugin.ask('getObjectHookRegistrations', {}, deadlineMs);
  const registrations = answered.kind === 'answer' ? answered.answer.registrations : [];
  return registrations.flatMap(({ objectType, hookTypes }) =>
    hookTypes.map((hookType) =>
      ObjectHookRequest.fromPartial({ hookType, objectType, operationId: 'conformance-1', userId: 1, pluginId: PLUGIN_ID, context: context(), objectJson: '{"id":1,"name":"Conformance"}', timestamp: now() }),
    ),
  );
}

function judgeAgent(chunks: AgentMessageChunk[], ended: boolean): string | undefined {
  if (!ended) return 'Its answer did not end: send a chunk with is_final=true and end the stream.';
  const last = chunks.at(-1);
  if (!last) return 'Its answer has no chunk: end every answer with one of type DONE and is_final=true.';
  if (!last.isFinal) return `Its last chunk (${ChunkType[last.type]}) does not say is_final=true: a chat waits for it.`;
  return chunks.slice(0, -1).some(({ isFinal }) => isFinal) ? 'It sends chunks after the one with is_final=true: that is the last one.' : undefined;
}
