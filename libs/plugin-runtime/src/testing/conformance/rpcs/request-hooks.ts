import { AuthRequest, EnrichedRequest, GetAppRequest, GetUserRequest, HeadersRequest, PluginRequest, type PluginResponse, ResponseWriteRequest, StreamCompleteRequest } from '@sluice/contracts/plugin';
import { context, declares, unaryRow } from './rpc-row';

const HOOK_MS = 30_000;
const headers = { 'Content-Type': 'application/json', 'User-Agent': 'sluice-conform' };
const body = Buffer.from('{"model":"conformance","messages":[{"role":"user","content":"Hello"}]}');

const request = (): PluginRequest => PluginRequest.fromPartial({ method: 'POST', path: '/llm/rest/conformance/chat/completions', headers, body, context: context(), remoteAddr: '192.0.2.7:51234' });

/** What can be wrong with the answer of a hook that may change or end a request. */
function judge({ block, statusCode }: PluginResponse): string | undefined {
  if (block && statusCode !== 0 && (statusCode < 400 || statusCode > 599)) return `It ends the request with status ${statusCode}: set status_code to 400…599, or leave it 0 for 403.`;
  return undefined;
}

const unchanged = { text: 'modified=false and block=false', is: ({ modified, block }: PluginResponse) => !modified && !block };

/** Capabilities `pre_auth`, `auth`, `post_auth` and `on_response`. */
export const requestHooks = [
  unaryRow({ rpc: 'processPreAuth', declared: declares('pre_auth'), deadlineMs: HOOK_MS, requests: () => [request()], judge, absent: unchanged }),
  unaryRow({
    rpc: 'authenticate',
    declared: declares('auth'),
    deadlineMs: HOOK_MS,
    requests: () => [AuthRequest.fromPartial({ credential: 'not-a-credential', authType: 'bearer', request: request(), context: context() })],
    judge: ({ authenticated, appId }) => (authenticated && !/^[1-9]\d*$/.test(appId) ? `It authenticates without naming an app (app_id is ${JSON.stringify(appId)}): set app_id to the decimal id of the app.` : undefined),
    absent: { text: 'authenticated=false', is: ({ authenticated }) => !authenticated },
  }),
  unaryRow({
    rpc: 'getAppByCredential',
    declared: declares('auth'),
    deadlineMs: HOOK_MS,
    requests: () => [GetAppRequest.fromPartial({ credential: 'not-a-credential', context: context() })],
    judge: ({ success, app, errorMessage }) => needsSubject(success, app !== undefined, errorMessage, 'app'),
    absent: { text: 'success=false with an error_message', is: ({ success, errorMessage }) => !success && errorMessage !== '' },
  }),
  unaryRow({
    rpc: 'getUserByCredential',
    declared: declares('auth'),
    deadlineMs: HOOK_MS,
    requests: () => [GetUserRequest.fromPartial({ credential: 'not-a-credential', context: context() })],
    judge: ({ success, user, errorMessage }) => needsSubject(success, user !== undefined, errorMessage, 'user'),
    absent: { text: 'success=false with an error_message', is: ({ success, errorMessage }) => !success && errorMessage !== '' },
  }),
  unaryRow({
    rpc: 'processPostAuth',
    declared: declares('post_auth'),
    deadlineMs: HOOK_MS,
    requests: () => [EnrichedRequest.fromPartial({ request: request(), userId: '1', appId: '1', authenticated: true })],
    judge,
    absent: unchanged,
  }),
  unaryRow({
    rpc: 'onBeforeWriteHeaders',
    declared: declares('on_response'),
    deadlineMs: HOOK_MS,
    requests: () => [HeadersRequest.fromPartial({ headers, context: context() })],
    judge: ({ modified, headers: changed }) => (modified && Object.keys(changed).length === 0 ? 'It says modified=true without a header: name the headers that change, or answer modified=false.' : undefined),
    absent: { text: 'modified=false', is: ({ modified }) => !modified },
  }),
  unaryRow({
    rpc: 'onBeforeWrite',
    declared: declares('on_response'),
    deadlineMs: HOOK_MS,
    requests: () => [false, true].map((isStreamChunk) => ResponseWriteRequest.fromPartial({ body, headers, isStreamChunk, context: context() })),
    judge: ({ modified, body: changed, headers: named }) =>
      modified && changed.length === 0 && Object.keys(named).length === 0 ? 'It says modified=true without a body or a header: send what changes, or answer modified=false.' : undefined,
    absent: { text: 'modified=false', is: ({ modified }) => !modified },
  }),
  unaryRow({
    rpc: 'onStreamComplete',
    declared: declares('on_response'),
    deadlineMs: HOOK_MS,
    requests: () => [StreamCompleteRequest.fromPartial({ accumulatedResponse: body, headers, statusCode: 200, context: context(), chunkCount: 3, requestBody: body })],
    judge: ({ handled, cached }) => (cached && !handled ? 'It says cached=true and handled=false: what is cached was handled.' : undefined),
    absent: { text: 'handled=false', is: ({ handled }) => !handled },
  }),
];

function needsSubject(success: boolean, there: boolean, errorMessage: string, noun: string): string | undefined {
  if (success && !there) return `It says success=true without the ${noun}: fill ${noun}, or answer success=false.`;
  if (!success && errorMessage === '') return `It says success=false without a reason: set error_message.`;
  return undefined;
}
