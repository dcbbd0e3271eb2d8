import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from './content';

/** Tools whose arguments say more than their types. */
export function registerSchemaTools(server: McpServer): void {
  const inputSchema = fromJsonSchema<Record<string, unknown>>(CONTACT);
  server.registerTool('json_schema_2020_12_tool', { description: 'Takes what a full JSON Schema describes.', inputSchema }, (args) => text(JSON.stringify(args)));

  const region = z.string().meta({ 'x-mcp-header': 'Region' });
  server.registerTool('test_headers', { description: 'Has an argument that comes as a header too.', inputSchema: z.object({ region }) }, (args) => text(args.region));
}

const CONTACT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};
