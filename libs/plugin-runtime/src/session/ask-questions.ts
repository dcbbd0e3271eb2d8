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
 * counts as answered with nothing, and is a warning; only the endpoints decide: a gateway that does not know a plugin's routes would
 * answer its clients with 404 as if all were well, so that failure fails the start.
 */
export async function askQuestions(options: QuestionOptions): Promise<PluginAnswers> {
  const { runtime, timings } = options;
  const onGateway = runtime === 'gateway';
  const [manifestJson, configSchemaJson, endpoints, objectHooks, resourceTypes] = await Promise.all([
    askManifest(options),
    ask(options, PluginServiceService.getConfigSchema, timings.describeMs).then((answer) => (answer?.success ? answer.schemaJson : '')),
    onGateway ? askEndpoints(options) : [],
    onGateway ? [] : ask(options, PluginServiceService.getObjectHookRegistrations, timings.questionMs).then((answer) => answer?.registrations ?? []),
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

async function askEndpoints({ channel, timings }: QuestionOptions): Promise<PluginAnswers['endpoints']> {
  try {
    return (await callMessage(channel, PluginServiceService.getEndpointRegistrations, {}, timings.questionMs)).registrations;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.status === Status.UNIMPLEMENTED) return [];
    throw new StartFailure(`The plugin did not say which endpoints it serves: ${error.message}.`);
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
