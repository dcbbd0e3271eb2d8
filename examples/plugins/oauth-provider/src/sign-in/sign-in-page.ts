import { randomBytes } from 'node:crypto';
import type { EndpointResponse } from '@sluice/plugin-sdk';

/**
 * Asks for the token of an app. The script sends it as the gateway wants it, in `Authorization`, so that it is in no address and no log, and no
 * other site can sign anybody in.
 */
export function signInPage(clientName: string): EndpointResponse {
  const nonce = randomBytes(16).toString('base64');
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'no-referrer',
  };
  return { headers, body: page(escapeHtml(clientName), nonce) };
}

const page = (client: string, nonce: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in</title>
<h1>Sign in to ${client}</h1>
<p>${client} will learn the name of your app and the address of its owner.</p>
<form>
  <label>Token of your app <input type="password" name="token" autocomplete="off" required autofocus></label>
  <button>Sign in</button>
</form>
<p role="alert"></p>
<script nonce="${nonce}">
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const token = event.target.elements.token.value.trim();
    const answer = await fetch(location.href, { method: 'POST', headers: { Authorization: 'Bearer ' + token } });
    if (answer.ok) location.assign((await answer.json()).location);
    else document.querySelector('[role=alert]').textContent = answer.status === 401 ? 'The gateway does not know this token.' : 'Signing in failed; start again.';
  });
</script>
</html>
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
