import { type CallResponse, CallRequest, PortalCallRequest } from '@sluice/contracts/plugin';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { declares, isJson, unaryRow } from './rpc-row';

const ASSET_MS = 10_000;
const CALL_MS = 30_000;
const MISSING = 'conformance/there-is-no-such-file.js';
const TRAVERSAL = '../../../../../../etc/passwd';
const pages = declares('studio_ui', 'portal_ui');
const refused = { text: 'success=false with an error_message', is: (answer: { success: boolean; errorMessage: string }) => !answer.success && answer.errorMessage !== '' };

/** Capabilities `studio_ui` and `portal_ui`. */
export const uiProvider = [
  unaryRow({
    rpc: 'getAsset',
    declared: pages,
    deadlineMs: ASSET_MS,
    requests: ({ manifest }) => [...manifest.assets.filter((path) => !path.includes('*')), MISSING, TRAVERSAL].map((assetPath) => ({ assetPath })),
    judge: ({ success, content, mimeType, contentLength, errorMessage }, { assetPath }) => {
      if (assetPath === TRAVERSAL) return success ? `It serves ${assetPath}: serve only the assets of the manifest, by their exact names.` : undefined;
      if (assetPath === MISSING) return success ? `It serves the file ${assetPath}, which does not exist: answer success=false.` : undefined;
      if (!success) return `It does not serve the asset ${assetPath} of its manifest (${JSON.stringify(errorMessage)}): serve it, or take it out of assets.`;
      if (mimeType === '') return `It serves ${assetPath} without a mime_type: set it, a browser refuses the file otherwise.`;
      if (contentLength !== 0n && contentLength !== BigInt(content.length)) return `It serves ${content.length} bytes of ${assetPath} and says content_length ${contentLength}: make them equal.`;
      return undefined;
    },
    absent: refused,
  }),
  unaryRow({
    rpc: 'listAssets',
    declared: pages,
    deadlineMs: ASSET_MS,
    requests: () => [{ pathPrefix: '' }],
    judge: ({ success, assets, errorMessage }) => {
      if (!success) return errorMessage === '' ? 'It says success=false without a reason: set error_message.' : undefined;
      return assets.some(({ path }) => path === '') ? 'It lists an asset without a path: give each its path.' : undefined;
    },
    absent: refused,
  }),
  unaryRow({
    rpc: 'call',
    declared: declares('studio_ui'),
    deadlineMs: CALL_MS,
    requests: () => [CallRequest.fromPartial({ method: 'conformance_no_such_method', payload: '{}', serviceBrokerId: SERVICE_BROKER_ID })],
    judge: judgeCall,
    absent: refused,
  }),
  unaryRow({
    rpc: 'portalCall',
    declared: declares('portal_ui'),
    deadlineMs: CALL_MS,
    requests: () => [
      PortalCallRequest.fromPartial({
        method: 'conformance_no_such_method',
        payload: '{}',
        serviceBrokerId: SERVICE_BROKER_ID,
        userContext: { userId: 1, email: 'conformance@example.com', name: 'Conformance', isAdmin: false, groups: ['Default'], metadata: {} },
      }),
    ],
    judge: judgeCall,
    absent: refused,
  }),
];

function judgeCall({ success, data, errorMessage }: CallResponse): string | undefined {
  if (!success) return errorMessage === '' ? 'It refuses an unknown method without a reason: set error_message.' : undefined;
  return isJson(data) ? undefined : `Its data is not JSON text: ${JSON.stringify(data.slice(0, 80))}. Answer the result as JSON.`;
}
