import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, EndpointError, type EndpointRequest, type EndpointResponse, json } from '@sluice/plugin-sdk';
import type { Provider } from 'oidc-provider';
import type { Accounts } from '../accounts';
import { nodeAnswer } from '../node-handler';
import { signInPage } from './sign-in-page';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The step of the code flow in which somebody says who they are: with the token of an app, which the gateway checks. */
export class SignIn {
  constructor(
    private readonly provider: Provider,
    private readonly accounts: Accounts,
    private readonly issuer: URL,
  ) {}

  /** `GET /signin/{uid}`, for browsers that the authorization endpoint has sent. */
  page(request: EndpointRequest): Promise<EndpointResponse> {
    return this.within(request, async (req, res) => {
      const interaction = await this.interaction(req, res);
      const client = await this.provider.Client.find(String(interaction.params['client_id']));
      return signInPage(client?.clientName ?? client?.clientId ?? 'an application');
    });
  }

  /** `POST /signin/{uid}`: the gateway has checked the token. Answers where the browser goes on. */
  finish(request: EndpointRequest, app: App): Promise<EndpointResponse> {
    return this.within(request, async (req, res) => {
      const interaction = await this.interaction(req, res);
      const accountId = await this.accounts.remember(app);
      const grant = new this.provider.Grant({ accountId, clientId: String(interaction.params['client_id']) });
      grant.addOIDCScope(String(interaction.params['scope'] ?? 'openid'));
      const result = { login: { accountId }, consent: { grantId: await grant.save() } };
      const location = await this.provider.interactionResult(req, res, result, { mergeWithLastSubmission: false });
      return json({ location }, { headers: { 'Cache-Control': 'no-store' } });
    });
  }

  private async interaction(req: IncomingMessage, res: ServerResponse): Promise<Interaction> {
    try {
      return await this.provider.interactionDetails(req, res);
    } catch {
      throw new EndpointError(400, 'Signing in took too long, or began in another browser; start again.');
    }
  }

  /** oidc-provider reads its cookies from a request of Node's HTTP server. */
  private async within(request: EndpointRequest, step: (req: IncomingMessage, res: ServerResponse) => Promise<EndpointResponse>): Promise<EndpointResponse> {
    let outcome: Promise<EndpointResponse> | undefined;
    await nodeAnswer(
      (req, res) => {
        outcome = step(req, res);
        const end = () => void res.end();
        outcome.then(end, end);
      },
      request,
      this.issuer,
    );
    if (!outcome) throw new Error('The request was not handled.');
    return outcome;
  }
}
