import { status as Status } from '@grpc/grpc-js';
import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { PluginServiceService } from '@sluice/contracts/plugin';
import type { Logger } from 'pino';
import { callMessage, type MethodDefinition } from '../connect/call-message';
import { ChannelError, type PluginChannel } from '../connect/plugin-channel';
import type { PluginAnswers, PluginRuntimeName } from '../host/plugin-host';
import { StartFailure } from '../launch/start-failure';
import type { PluginTimings } from '../timings';

export interface QuestionOptions {
  channel: PluginChannel;
  runtime: PluginRuntimeName;
  timings: PluginTimings;
  logger: Logger;
}

/**
 * What a plugin says about itself. Every plugin is asked everything that its runtime needs, whatever its hooks are. A question that fails
 * counts as answered with nothing, and is a warning; only endpoints and object hooks decide: a gateway that does not know a plugin's routes
 * would answer its clients with 404 as if all were well, and a studio that does not know its hooks would let pass what the plugin guards, so
 * that failure fails the start.
 */
export async function askQuestions(options: QuestionOptions): Promise<PluginAnswers> {
  const { runtime, timings } = options;
  const onGateway = runtime === 'gateway';
  const [manifestJson, configSchemaJson, endpoints, objectHooks, resourceTypes] = await Promise.all([
    askManifest(options),
    ask(options, PluginServiceService.getConfigSchema, timings.describeMs).then((answer) => (answer?.success ? answer.schemaJson : '')),
    onGateway ? askEndpoints(options) : [],
    onGateway ? [] : askObjectHooks(options),
    onGateway ? [] : ask(options, PluginServiceService.getResourceTypeRegistrations, timings.questionMs).then((answer) => answer?.registrations ?? []),
  ]);
  return { manifestJson, configSchemaJson, endpoints, objectHooks, resourceTypes };
}

/** The manifest's text, or `''`. A compiled plugin may answer on either of its two services. */
export async function askManifest(options: QuestionOptions): Promise<string> {
  const { describeMs } = options.timings;
  const own = await ask(options, PluginServiceService.getManifest, describeMs);
  if (own?.success && hasContent(own.manifestJson)) return own.manifestJson;
  const other = await ask(options, ConfigProviderServiceService.getManifest, describeMs);
  return other?.success && hasContent(other.manifestJson) ? other.manifestJson : '';
}

function hasContent(json: string): boolean {
  return json.trim() !== '' && json.trim() !== '{}';
}

function askEndpoints(options: QuestionOptions): Promise<PluginAnswers['endpoints']> {
  return askRegistrations(options, PluginServiceService.getEndpointRegistrations, (reason) => new StartFailure(`The plugin did not say which endpoints it serves: ${reason}.`));
}

function askObjectHooks(options: QuestionOptions): Promise<PluginAnswers['objectHooks']> {
  return askRegistrations(options, PluginServiceService.getObjectHookRegistrations, (reason) => new StartFailure(`The plugin did not say which object hooks it has: ${reason}.`));
}

async function askRegistrations<Registration>(
  { channel, timings }: QuestionOptions,
  method: MethodDefinition<object, { registrations: Registration[] }>,
  failure: (reason: string) => StartFailure,
): Promise<Registration[]> {
  try {
    return (await callMessage(channel, method, {}, timings.questionMs)).registrations;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.status === Status.UNIMPLEMENTED) return [];
    throw failure(error.message);
  }
}

async function ask<Response>({ channel, logger }: QuestionOptions, method: MethodDefinition<object, Response>, deadlineMs: number): Promise<Response | undefined> {
  try {
    return await callMessage(channel, method, {}, deadlineMs);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.status !== Status.UNIMPLEMENTED) {
      logger.warn({ event: 'plugin.question_failed', method: method.path, status: error.status, reason: error.message }, 'The plugin did not answer a question; it counts as answered with nothing.');
    }
    return undefined;
  }
}
