#!/usr/bin/env node
import { serve } from '@sluice/plugin-sdk';
import { WebhookPlugin } from './webhook-plugin';

serve(new WebhookPlugin());
