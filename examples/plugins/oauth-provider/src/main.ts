#!/usr/bin/env node
import { serve } from '@sluice/plugin-sdk';
import { OauthPlugin } from './oauth-plugin';

serve(new OauthPlugin());
