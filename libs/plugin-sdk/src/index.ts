export { BasePlugin, type Plugin, type PluginIdentity } from './base-plugin';
export type { RemoteOptions, RemoteServer, RemoteTls } from './remote/remote-server';
export { serveRemote } from './remote/serve-remote';
export { serve } from './serve';

export type { App, AppPluginResources, User } from './context/app';
export type { Context } from './context/context';
export { PluginConfig } from './context/plugin-config';
export type { Runtime } from './context/runtime';

export type { EventBus, EventDirection, EventHandler, PluginEvent, PublishOptions } from './services/events';
export type { ControlChannel, ControlPayloadOptions } from './services/control';
export type { KeyValueStore, KvEntry, KvListOptions, KvPage, KvSetOptions, KvSwap } from './services/kv';
export type { LogFields, Logger, LogLevel } from './services/logger';
export type { ServiceCallOptions, ServiceClient } from './services/service-client';
export type { GatewayClient, Services, StudioClient } from './services/services';

export type { AgentChunk, AgentDatasource, AgentHandler, AgentLlm, AgentMessage, AgentTool, AgentTurn } from './capabilities/agent';
export type { AppAnswer, AuthHandler, AuthVerdict, Credential, UserAnswer } from './capabilities/auth';
export type { ConfigProvider, JsonDocument } from './capabilities/config-provider';
export type { CustomEndpointHandler, EndpointAnswer } from './capabilities/custom-endpoint';
export type { Analytics, BudgetUsage, DataCollector, ProxyLog } from './capabilities/data-collection';
export type { EdgePayload, EdgePayloadReceiver } from './capabilities/edge-payload';
export { EndpointError } from './capabilities/endpoint-error';
export type {
  EndpointChunk,
  EndpointRegistration,
  EndpointRequest,
  EndpointResponse,
  EndpointStream,
  HttpMethod,
  ResponseInit,
} from './capabilities/endpoint-types';
export type { Body, Headers, HeadersInit } from './capabilities/http';
export type { ManifestProvider } from './capabilities/manifest-provider';
export type { ObjectHookCall, ObjectHookHandler, ObjectHookRegistration, ObjectHookVerdict } from './capabilities/object-hooks';
export type { PortalUiProvider, PortalUser } from './capabilities/portal-ui';
export type { AuthenticatedRequest, PostAuthHandler } from './capabilities/post-auth';
export type { PreAuthHandler } from './capabilities/pre-auth';
export type { PluginRequest, RequestBlock, RequestChange, RequestVerdict } from './capabilities/request-hook';
export type { ResourceInstance, ResourceProvider, ResourceSelection, ResourceType } from './capabilities/resource-provider';
export { json } from './capabilities/respond';
export type { ResponseBody, ResponseChange, ResponseHandler } from './capabilities/response';
export type { Schedule, SchedulerHandler } from './capabilities/scheduler';
export type { SessionAware } from './capabilities/session-aware';
export type { CompletedStream, StreamCompleteAnswer, StreamCompleteHandler } from './capabilities/stream-complete';
export type { Asset, AssetEntry, UiProvider } from './capabilities/ui-provider';
export { webAnswer, type WebHandler, webRequest, webStream } from './capabilities/web';
