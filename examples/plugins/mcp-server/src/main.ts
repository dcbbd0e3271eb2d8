#!/usr/bin/env node
import { serve } from '@sluice/plugin-sdk';
import { McpPlugin } from './mcp-plugin';

serve(new McpPlugin());
