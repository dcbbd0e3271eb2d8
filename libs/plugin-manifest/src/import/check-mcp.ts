import { type ObjectReader, quoteList } from '../read/object-reader';
import { refuseRepeated } from '../read/refuse-repeated';
import type { TextRule } from '../rules/rule';

const TRANSPORTS = ['stdio', 'sse', 'websocket', 'http'];
const AUTH_METHODS = ['oauth2', 'jwt', 'apiKey'];

const transports: TextRule = (text) =>
  text.split('|').every((name) => TRANSPORTS.includes(name)) ? undefined : `Write one of ${quoteList(TRANSPORTS)}, or several with \`|\` between them.`;

const authMethod: TextRule = (text) => (AUTH_METHODS.includes(text) ? undefined : `Write one of ${quoteList(AUTH_METHODS)} here.`);

const serverUrl: TextRule = (text) =>
  URL.canParse(text) && ['http:', 'https:', 'ws:', 'wss:'].includes(new URL(text).protocol) ? undefined : 'Write the address of the server, such as https://mcp.example.com/.';

/** Checks `capabilities.mcp`: how an MCP server is reached or started, and the tools that it offers. */
export function checkMcp(capabilities: ObjectReader): void {
  if (capabilities.anyObject('mcp') === undefined) return;
  const mcp = capabilities.object('mcp');
  checkConnection(mcp);
  mcp.optionalText('transport', transports);
  for (const key of ['serverPath', 'installCommand', 'buildCommand', 'startCommand']) mcp.optionalText(key);
  checkAuth(mcp);
  checkTools(mcp);
  mcp.unknown();
}

function checkConnection(mcp: ObjectReader): void {
  if (!mcp.has('connection')) return;
  const connection = mcp.object('connection');
  const type = connection.oneOf('type', ['local', 'remote'], 'local');
  if (type === 'remote') connection.requiredText('url', serverUrl);
  else connection.optionalText('url', serverUrl);
}

/** Either a list of methods, or an object with them and what OAuth needs. */
function checkAuth(mcp: ObjectReader): void {
  if (Array.isArray(mcp.keep('auth')['auth'])) mcp.texts('auth', authMethod);
  else mcp.object('auth').texts('methods', authMethod);
}

function checkTools(mcp: ObjectReader): void {
  const tools = mcp.objects('tools');
  const names = tools.map((tool) => {
    tool.optionalText('label');
    tool.optionalText('description');
    // A text is the name of a file that holds the schema.
    if (typeof tool.keep('input_schema')['input_schema'] !== 'string') tool.anyObject('input_schema');
    return tool.requiredText('name');
  });
  refuseRepeated(tools, 'name', names);
}
