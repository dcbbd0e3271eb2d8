import { AuthResponse, GetAppResponse, GetUserResponse, PluginRequest as WireRequest } from '@sluice/contracts/plugin';
import { type App, appToWire, type User, userToWire } from '../context/app';
import type { Context } from '../context/context';
import { unary } from './binding';
import { type PluginRequest, requestFromWire } from './request-hook';

export interface Credential {
  credential: string;
  /** How it was presented: `bearer`, `api_key` and the like. */
  authType: string;
  request: PluginRequest;
}

/** Without an `appId` the host refuses the request: somebody has to pay for it. */
export type AuthVerdict =
  | { authenticated: true; appId: number; userId?: number; claims?: Record<string, string> }
  | { authenticated: false; message?: string };

/** Hook `auth`: decides who a credential belongs to. */
export interface AuthHandler {
  authenticate(ctx: Context, credential: Credential): AuthVerdict | Promise<AuthVerdict>;
  /** The app of a credential; undefined when there is none. Fields that are left out have their usual value. */
  getAppByCredential?(ctx: Context, credential: string): AppAnswer | Promise<AppAnswer>;
  getUserByCredential?(ctx: Context, credential: string): UserAnswer | Promise<UserAnswer>;
}

export type AppAnswer = (Partial<App> & { id: number }) | undefined;
export type UserAnswer = (Partial<User> & { id: number }) | undefined;

export const auth = [
  unary<'authenticate', AuthHandler>('authenticate', {
    method: 'authenticate',
    answer: async (plugin, ctx, { credential, authType, request }) =>
      verdictToWire(await plugin.authenticate(ctx, { credential, authType, request: requestFromWire(request ?? WireRequest.create()) })),
    otherwise: () => AuthResponse.create({ authenticated: false, errorMessage: 'This plugin does not authenticate.' }),
  }),
  unary<'getAppByCredential', Required<AuthHandler>>('getAppByCredential', {
    method: 'getAppByCredential',
    answer: async (plugin, ctx, { credential }) => {
      const app = await plugin.getAppByCredential(ctx, credential);
      return app ? GetAppResponse.create({ success: true, app: appToWire(app) }) : noApp('No app has this credential.');
    },
    otherwise: () => noApp('This plugin does not look up apps.'),
    failed: noApp,
  }),
  unary<'getUserByCredential', Required<AuthHandler>>('getUserByCredential', {
    method: 'getUserByCredential',
    answer: async (plugin, ctx, { credential }) => {
      const user = await plugin.getUserByCredential(ctx, credential);
      return user ? GetUserResponse.create({ success: true, user: userToWire(user) }) : noUser('No user has this credential.');
    },
    otherwise: () => noUser('This plugin does not look up users.'),
    failed: noUser,
  }),
];

function verdictToWire(verdict: AuthVerdict): AuthResponse {
  if (!verdict.authenticated) return AuthResponse.create({ authenticated: false, errorMessage: verdict.message ?? '' });
  const { appId, userId, claims } = verdict;
  return AuthResponse.create({
    authenticated: true,
    appId: String(appId),
    userId: userId === undefined ? '' : String(userId),
    claims: claims ?? {},
  });
}

function noApp(message: string): GetAppResponse {
  return GetAppResponse.create({ success: false, errorMessage: message });
}

function noUser(message: string): GetUserResponse {
  return GetUserResponse.create({ success: false, errorMessage: message });
}
